# Times the scrubber of Cumulus ETL over NDJSON, and writes what it lets through.
#
#   cumulus.py IN.ndjson OUT.ndjson ROUNDS
#
# prints the seconds of the scrubber alone, and with reading, parsing and writing, each of the best round. A resource that it
# refuses is an empty line.
import json
import sys
import time

from cumulus_etl.deid.scrubber import Scrubber

path, out, rounds = sys.argv[1:4]
scrubber = Scrubber()


def run():
    scrubbing, start = 0.0, time.perf_counter()
    with open(path, encoding="utf-8") as source, open(out, "w", encoding="utf-8") as target:
        for line in source:
            resource = json.loads(line)
            before = time.perf_counter()
            is_told = scrubber.scrub_resource(resource)
            scrubbing += time.perf_counter() - before
            target.write((json.dumps(resource, separators=(",", ":")) if is_told else "") + "\n")
    return scrubbing, time.perf_counter() - start


times = [run() for _ in range(int(rounds))]
print(min(alone for alone, _ in times), min(whole for _, whole in times))
