# Times python-hl7: parse a message and read the places given as SEG-occurrence-field-component-subcomponent.
import sys
import time

import hl7

text = open(sys.argv[1], encoding="utf-8", newline="").read()
places = [(p.split("-")[0], *map(int, p.split("-")[1:])) for p in sys.argv[2:]]


def read():
    message = hl7.parse(text)
    texts = []
    for name, occurrence, field, component, subcomponent in places:
        try:
            texts.append(message.extract_field(name, occurrence, field, 1, component, subcomponent or 1))
        except LookupError:
            texts.append("")
    return texts


best = float("inf")
for _ in range(5):
    start, calls = time.perf_counter_ns(), 0
    while time.perf_counter_ns() - start < 200e6:
        read()
        calls += 1
    best = min(best, (time.perf_counter_ns() - start) / calls)
sys.stdout.reconfigure(encoding="utf-8")
print(round(best), *read(), sep="\n")
