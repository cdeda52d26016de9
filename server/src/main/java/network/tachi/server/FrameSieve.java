package network.tachi.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import java.util.function.Supplier;

/**
 * Stands before Helidon's HTTP/2 connection and keeps from it the frames of streams that are over.
 * For DATA that is dropped, the client gets its share of the connection's window back.
 */
final class FrameSieve implements Supplier<byte[]> {
  static final int FRAME_HEADER_BYTES = 9;
  private static final int PREFACE_BYTES = 24;

  private final DataReader in;
  private final ClientWriter out;
  private final StreamLedger ledger;
  private final int maxFrameBytes;
  private boolean prefaceRead;

  /**
   * After a frame that is too large Helidon ends the connection, so nothing needs cutting any more.
   */
  private boolean unframed;

  FrameSieve(DataReader in, ClientWriter out, StreamLedger ledger, int maxFrameBytes) {
    this.in = in;
    this.out = out;
    this.ledger = ledger;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** The next frame to process; blocks until there is one. */
  @Override
  public byte[] get() {
    if (!prefaceRead) {
      prefaceRead = true;
      return in.readBytes(PREFACE_BYTES);
    }
    while (!unframed) {
      byte[] header = in.readBytes(FRAME_HEADER_BYTES);
      int length = ((header[0] & 0xff) << 16) | ((header[1] & 0xff) << 8) | (header[2] & 0xff);
      if (length > maxFrameBytes) {
        unframed = true;
        return header;
      }
      byte[] frame = new byte[FRAME_HEADER_BYTES + length];
      System.arraycopy(header, 0, frame, 0, FRAME_HEADER_BYTES);
      if (length > 0) {
        System.arraycopy(in.readBytes(length), 0, frame, FRAME_HEADER_BYTES, length);
      }
      if (ledger.received(header[3], header[4], int32(header, 5) & 0x7fffffff)) {
        return frame;
      }
      if (header[3] == StreamLedger.DATA && length > 0) {
        out.writeNow(BufferData.create(windowUpdate(length)));
      }
    }
    return in.readBuffer().readBytes();
  }

  private static byte[] windowUpdate(int bytes) {
    return new byte[] {
      0,
      0,
      4,
      StreamLedger.WINDOW_UPDATE,
      0,
      0,
      0,
      0,
      0,
      (byte) (bytes >>> 24),
      (byte) (bytes >>> 16),
      (byte) (bytes >>> 8),
      (byte) bytes
    };
  }

  static int int32(byte[] bytes, int at) {
    return ((bytes[at] & 0xff) << 24)
        | ((bytes[at + 1] & 0xff) << 16)
        | ((bytes[at + 2] & 0xff) << 8)
        | (bytes[at + 3] & 0xff);
  }
}
