# Converts messages with a peer and times it, in steps that the bench asks for: python3 peer.py PEER FILE
#
# FILE holds messages, each behind its length (4 bytes, big endian). First every message is converted once, and a line
# says how many bytes of JSON came of it, or 0 where the peer refuses. Then a line with numbers of messages is read, and
# from then on every line with a length in seconds is answered with messages, bytes and nanoseconds of processor time of
# as many passes over those messages as fill it.
import json
import logging
import os
import struct
import sys
import time


def bridge(validates):
    from v2fhir.config import default_config_path, load_config
    from v2fhir.convert import convert
    from v2fhir.hl7.parser import parse_bytes
    from v2fhir.validate import validate_bundle

    config = load_config(default_config_path(), {})

    def run(raw):
        message = parse_bytes(raw, config.default_charset, config.fallback_charsets)
        bundle = convert(message, config).bundle
        if validates:
            validate_bundle(bundle)
        return json.dumps(bundle, ensure_ascii=False).encode()

    return run


def brightohir():
    from brightohir import v2_to_r5

    return lambda raw: json.dumps(v2_to_r5(raw.decode()), ensure_ascii=False).encode()


PEERS = {
    "bridge": lambda: bridge(False),
    "bridge-validated": lambda: bridge(True),
    "brightohir": brightohir,
}

out = os.fdopen(os.dup(1), "w")
sys.stdout = open(os.devnull, "w")
logging.disable(logging.CRITICAL)
run = PEERS[sys.argv[1]]()

messages = []
with open(sys.argv[2], "rb") as file:
    while head := file.read(4):
        messages.append(file.read(struct.unpack(">I", head)[0]))


def size(raw):
    try:
        return len(run(raw))
    except Exception:
        return 0


for message in messages:
    print(size(message), file=out)
out.flush()
kept = [messages[int(number)] for number in sys.stdin.readline().split()]
for line in sys.stdin:
    length, passes, written, start = float(line) * 1e9, 0, 0, time.process_time_ns()
    while True:
        written += sum(len(run(message)) for message in kept)
        passes += 1
        worked = time.process_time_ns() - start
        if worked >= length:
            break
    print(passes * len(kept), written, worked, file=out, flush=True)
