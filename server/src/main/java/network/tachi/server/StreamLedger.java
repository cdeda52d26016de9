package network.tachi.server;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which HTTP/2 streams of one connection are open, as seen on the wire (RFC 9113 section 5.1).
 * Helidon 4.5.0 answers a frame for a stream that it has forgotten by closing the whole connection;
 * but such frames are normal: a client resets a stream while our last frame is on its way to it.
 */
final class StreamLedger {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int WINDOW_UPDATE = 8;
  static final int END_STREAM = 1;
  static final int ACK = 1;

  private final Map<Integer, Ends> open = new ConcurrentHashMap<>();

  /** Only the connection's thread reads and writes it. */
  private int highest;

  private enum Ends {
    NONE,
    CLIENT,
    SERVER
  }

  /** Notes a frame of the client; false if Helidon must not see it. */
  boolean received(int type, int flags, int streamId) {
    if (streamId == 0) {
      return true;
    }
    boolean ends = (flags & END_STREAM) != 0;
    if (type == HEADERS && streamId > highest) {
      highest = streamId;
      open.put(streamId, ends ? Ends.CLIENT : Ends.NONE);
      return true;
    }
    boolean closed = streamId <= highest && !open.containsKey(streamId);
    switch (type) {
      case RST_STREAM -> open.remove(streamId);
      case DATA, HEADERS -> {
        if (ends) {
          end(streamId, Ends.CLIENT, Ends.SERVER);
        }
      }
      default -> {}
    }
    return !closed || (type != RST_STREAM && type != DATA && type != WINDOW_UPDATE);
  }

  /** Notes a frame of ours. */
  void sent(int type, int flags, int streamId) {
    if (type == RST_STREAM) {
      open.remove(streamId);
    } else if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
      end(streamId, Ends.SERVER, Ends.CLIENT);
    }
  }

  private void end(int streamId, Ends side, Ends other) {
    open.computeIfPresent(streamId, (_, ends) -> ends == other ? null : side);
  }
}
