package network.tachi.server;

import io.grpc.Decompressor;
import io.helidon.common.buffers.BufferData;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a call's bytes into messages (gRPC over HTTP/2, "Length-Prefixed-Message"): one flag byte,
 * four length bytes, the message; however the bytes are spread over DATA frames.
 */
final class MessageDeframer {
  private static final int PREFIX_BYTES = 5;
  private static final int FIRST_BUFFER_BYTES = 16 << 10;

  private final int maxMessageBytes;
  private final @Nullable Decompressor decompressor;
  private final byte[] prefix = new byte[PREFIX_BYTES];
  private int prefixFilled;
  private boolean compressed;
  private byte @Nullable [] message;
  private int messageLength;
  private int messageFilled;

  /**
   * A deframer of one call.
   *
   * @param decompressor what {@code grpc-encoding} names, or null for identity
   */
  MessageDeframer(int maxMessageBytes, @Nullable Decompressor decompressor) {
    this.maxMessageBytes = maxMessageBytes;
    this.decompressor = decompressor;
  }

  /**
   * Takes the bytes of one frame.
   *
   * @param sink gets each complete message, decompressed
   * @throws ApiException if a message is too large or its frame is malformed
   */
  void feed(BufferData data, Consumer<byte[]> sink) {
    while (data.available() > 0) {
      if (message == null) {
        int take = Math.min(PREFIX_BYTES - prefixFilled, data.available());
        data.read(prefix, prefixFilled, take);
        prefixFilled += take;
        if (prefixFilled < PREFIX_BYTES) {
          return;
        }
        begin();
      }
      byte[] target = message;
      if (target == null) {
        continue;
      }
      int take = Math.min(messageLength - messageFilled, data.available());
      if (take > 0) {
        target = grownTo(target, messageFilled + take);
        data.read(target, messageFilled, take);
        messageFilled += take;
      }
      if (messageFilled == messageLength) {
        message = null;
        prefixFilled = 0;
        sink.accept(compressed ? decompress(target) : target);
      }
    }
  }

  /** True if the bytes so far end inside a message. */
  boolean isMidMessage() {
    return prefixFilled > 0 || message != null;
  }

  private void begin() {
    if (prefix[0] != 0 && prefix[0] != 1) {
      throw ApiException.of(
          ErrorCode.MALFORMED_BODY, "message flag: expected 0 or 1, found " + (prefix[0] & 0xff));
    }
    compressed = prefix[0] == 1;
    if (compressed && decompressor == null) {
      throw ApiException.of(
          ErrorCode.MALFORMED_BODY, "the message is compressed, but grpc-encoding names no codec");
    }
    long length =
        ((prefix[1] & 0xffL) << 24)
            | ((prefix[2] & 0xffL) << 16)
            | ((prefix[3] & 0xffL) << 8)
            | (prefix[4] & 0xffL);
    if (length > maxMessageBytes) {
      throw tooLarge(length + " bytes");
    }
    messageLength = (int) length;
    messageFilled = 0;
    message = new byte[Math.min(messageLength, FIRST_BUFFER_BYTES)];
  }

  /** Memory follows the bytes that came, not the length that was announced. */
  private byte[] grownTo(byte[] buffer, int needed) {
    if (needed <= buffer.length) {
      return buffer;
    }
    byte[] larger =
        Arrays.copyOf(buffer, Math.min(messageLength, Math.max(needed, 2 * buffer.length)));
    message = larger;
    return larger;
  }

  private byte[] decompress(byte[] bytes) {
    Decompressor codec = decompressor;
    if (codec == null) {
      throw new IllegalStateException("compressed message without a codec");
    }
    try (InputStream in = codec.decompress(new ByteArrayInputStream(bytes))) {
      byte[] plain = in.readNBytes(maxMessageBytes + 1);
      if (plain.length > maxMessageBytes) {
        throw tooLarge("more, after decompression");
      }
      return plain;
    } catch (IOException e) {
      throw ApiException.of(ErrorCode.MALFORMED_BODY, "the message can't be decompressed", e);
    }
  }

  private ApiException tooLarge(String found) {
    return ApiException.of(
        ApiError.ofField(
            ErrorCode.TOO_LARGE, "message", "at most " + maxMessageBytes + " bytes", found));
  }
}
