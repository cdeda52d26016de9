package network.tachi.indexer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import network.tachi.evm.Hash;
import network.tachi.evm.RlpWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OrderedTrieTest {
  @Test
  void emptyList_shouldHaveTheEmptyRoot() {
    assertThat(OrderedTrie.root(List.of()))
        .isEqualTo(
            Hash.parse("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421"));
  }

  @Test
  void emptyValue_shouldBeRefused() {
    assertThatThrownBy(() -> OrderedTrie.root(List.of(new byte[0])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anyList_shouldHaveTheRootOfInsertionOneByOne() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int size : new int[] {1, 2, 15, 16, 17, 127, 128, 129, 130, 255, 256, 257, 300, 1000}) {
      List<byte[]> values = new ArrayList<>();
      InsertedTrie reference = new InsertedTrie();
      for (int i = 0; i < size; i++) {
        byte[] value = new byte[1 + random.nextInt(random.nextBoolean() ? 4 : 300)];
        random.nextBytes(value);
        values.add(value);
        reference.put(new RlpWriter().uint(i).toBytes(), value);
      }
      assertThat(OrderedTrie.root(values))
          .as("seed %d, size %d", seed, size)
          .isEqualTo(reference.root());
    }
  }

  /** The textbook trie: nodes with sixteen children and a value, compressed only when encoded. */
  private static final class InsertedTrie {
    private final Node root = new Node();

    private static final class Node {
      private final @Nullable Node[] children = new Node[16];
      private byte @Nullable [] value;

      List<Integer> used() {
        List<Integer> used = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
          if (children[i] != null) {
            used.add(i);
          }
        }
        return used;
      }
    }

    void put(byte[] key, byte[] value) {
      Node node = root;
      for (byte b : key) {
        node = child(child(node, (b >> 4) & 15), b & 15);
      }
      node.value = value;
    }

    private static Node child(Node node, int nibble) {
      Node child = node.children[nibble];
      if (child == null) {
        child = new Node();
        node.children[nibble] = child;
      }
      return child;
    }

    Hash root() {
      return new RlpWriter().encoded(encode(root)).keccak();
    }

    private static byte[] encode(Node start) {
      List<Integer> path = new ArrayList<>();
      Node node = start;
      while (node.value == null && node.used().size() == 1) {
        int only = node.used().getFirst();
        path.add(only);
        node = child(node, only);
      }
      RlpWriter writer = new RlpWriter().beginList();
      if (node.value != null && node.used().isEmpty()) {
        return writer.bytes(prefixed(path, true)).bytes(node.value).endList().toBytes();
      }
      if (!path.isEmpty()) {
        byte[] branch = encode(node);
        return writer.bytes(prefixed(path, false)).encoded(reference(branch)).endList().toBytes();
      }
      for (int i = 0; i < 16; i++) {
        Node child = node.children[i];
        if (child == null) {
          writer.bytes(new byte[0]);
        } else {
          writer.encoded(reference(encode(child)));
        }
      }
      return writer.bytes(node.value == null ? new byte[0] : node.value).endList().toBytes();
    }

    private static byte[] reference(byte[] node) {
      return node.length < 32
          ? node
          : new RlpWriter().hash(new RlpWriter().encoded(node).keccak()).toBytes();
    }

    private static byte[] prefixed(List<Integer> path, boolean leaf) {
      List<Integer> nibbles = new ArrayList<>();
      int odd = path.size() % 2;
      nibbles.add((leaf ? 2 : 0) + odd);
      if (odd == 0) {
        nibbles.add(0);
      }
      nibbles.addAll(path);
      byte[] bytes = new byte[nibbles.size() / 2];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (nibbles.get(2 * i) << 4 | nibbles.get(2 * i + 1));
      }
      return bytes;
    }
  }
}
