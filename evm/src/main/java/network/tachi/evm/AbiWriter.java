package network.tachi.evm;

import java.util.List;

/**
 * Puts values into an array that has just the room for them, in the head and tail form of the
 * contract ABI.
 */
final class AbiWriter {
  private final byte[] out;

  AbiWriter(byte[] out) {
    this.out = out;
  }

  /**
   * Writes a sequence of values at an offset; offsets inside it count from there. Returns its end.
   */
  int write(List<AbiValue> values, int start) {
    int head = start;
    int tail = start + headSize(values);
    for (AbiValue value : values) {
      if (value.isDynamic()) {
        BigEndian.putLong(out, head + 24, tail - start);
        head += Hash.SIZE;
        tail = writeTail(value, tail);
      } else {
        head = writeStatic(value, head);
      }
    }
    return tail;
  }

  private int writeStatic(AbiValue value, int at) {
    return switch (value) {
      case AbiValue.Word word -> {
        word.word().writeTo(out, at);
        yield at + Hash.SIZE;
      }
      case AbiValue.Tuple tuple -> write(tuple.members(), at);
      case AbiValue.Blob _, AbiValue.Array _ ->
          throw new AbiException(value.type() + " is dynamic");
    };
  }

  private int writeTail(AbiValue value, int at) {
    return switch (value) {
      case AbiValue.Blob blob -> {
        byte[] content = blob.content().unsafeArray();
        BigEndian.putLong(out, at + 24, content.length);
        System.arraycopy(content, 0, out, at + Hash.SIZE, content.length);
        yield at + Hash.SIZE + padded(content.length);
      }
      case AbiValue.Array array -> {
        BigEndian.putLong(out, at + 24, array.items().size());
        yield write(array.items(), at + Hash.SIZE);
      }
      case AbiValue.Tuple tuple -> write(tuple.members(), at);
      case AbiValue.Word word -> throw new AbiException(word.type() + " is static");
    };
  }

  private static int headSize(List<AbiValue> values) {
    int size = 0;
    for (AbiValue value : values) {
      boolean inline = !value.isDynamic() && value instanceof AbiValue.Tuple;
      size += inline ? headSize(((AbiValue.Tuple) value).members()) : Hash.SIZE;
    }
    return size;
  }

  private static int tailSize(AbiValue value) {
    if (!value.isDynamic()) {
      return 0;
    }
    return switch (value) {
      case AbiValue.Word _ -> 0;
      case AbiValue.Blob blob -> Math.addExact(Hash.SIZE, padded(blob.content().size()));
      case AbiValue.Array array -> Math.addExact(Hash.SIZE, sequenceSize(array.items()));
      case AbiValue.Tuple tuple -> sequenceSize(tuple.members());
    };
  }

  /** The number of bytes of a sequence of values. */
  static int sequenceSize(List<AbiValue> values) {
    int size = headSize(values);
    for (AbiValue value : values) {
      size = Math.addExact(size, tailSize(value));
    }
    return size;
  }

  private static int padded(int length) {
    return (int) ((length + 31L) & ~31L);
  }
}
