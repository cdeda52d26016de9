package network.tachi.evm.rpc;

import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/**
 * A head as a subscription announces it. Nothing of it is checked: it says where to look.
 *
 * @param number its height
 * @param hash the claimed hash
 * @param logsBloom 256 bytes, if the node says them
 */
public record NewHead(long number, Hash hash, @Nullable Bytes logsBloom) {
  private static final int BLOOM_SIZE = 256;

  static NewHead read(JsonInput in) {
    Reader reader = new Reader();
    in.object("head", reader::member);
    return new NewHead(
        Required.of("number", reader.number), Required.of("hash", reader.hash), reader.bloom);
  }

  private static final class Reader {
    private @Nullable Long number;
    private @Nullable Hash hash;
    private @Nullable Bytes bloom;

    void member(String name, JsonInput in) {
      switch (name) {
        case "number" -> number = in.quantity(name);
        case "hash" -> hash = in.hash(name);
        case "logsBloom" -> {
          Bytes found = in.isNull() ? Bytes.EMPTY : in.bytes(name);
          bloom = found.size() == BLOOM_SIZE ? found : null;
        }
        default -> {}
      }
    }
  }
}
