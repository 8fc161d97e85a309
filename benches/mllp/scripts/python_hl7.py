# The asyncio server of python-hl7, as its documentation shows it: parses each message and acknowledges it.
import asyncio
import os
import sys
import threading

import hl7.mllp


async def serve_connection(reader, writer):
    try:
        while not writer.is_closing():
            message = await reader.readmessage()
            writer.writemessage(message.create_ack())
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


def end_with_parent():
    sys.stdin.read()
    os._exit(0)


async def main():
    server = await hl7.mllp.start_hl7_server(serve_connection, "127.0.0.1", 0, encoding="utf-8")
    print(server.sockets[0].getsockname()[1], flush=True)
    threading.Thread(target=end_with_parent, daemon=True).start()
    await server.serve_forever()


asyncio.run(main())
