package network.tachi.evm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes call data by the contract ABI. The types of the arguments give the function's signature,
 * so that it cannot disagree with them: {@code Abi.call("transfer", Abi.address(to),
 * Abi.uint256(value))}. {@link AbiReader} reads.
 */
public final class Abi {
  private Abi() {}

  /** An {@code address}. */
  public static AbiValue address(Address value) {
    return new AbiValue.Word("address", value.toWord());
  }

  /** A {@code bool}. */
  public static AbiValue bool(boolean value) {
    return new AbiValue.Word("bool", Hash.ofUint(value ? 1 : 0));
  }

  /** A {@code bytes32}. */
  public static AbiValue bytes32(Hash value) {
    return new AbiValue.Word("bytes32", value);
  }

  /**
   * A {@code bytesN} of 1 to 32 bytes.
   *
   * @throws InvalidValueException if there are fewer or more
   */
  public static AbiValue fixedBytes(Bytes value) {
    if (value.isEmpty() || value.size() > Hash.SIZE) {
      throw new InvalidValueException("fixed bytes", "1 to 32 bytes", value.size() + " bytes");
    }
    return new AbiValue.Word(
        "bytes" + value.size(), Hash.of(Arrays.copyOf(value.unsafeArray(), Hash.SIZE)));
  }

  /** A {@code uint256}. */
  public static AbiValue uint256(BigInteger value) {
    return uint(256, value);
  }

  /** A {@code uint256}. */
  public static AbiValue uint256(long value) {
    return new AbiValue.Word("uint256", Hash.ofUint(value));
  }

  /** A {@code uint256} of atomic units. */
  public static AbiValue uint256(UsdcAmount value) {
    return new AbiValue.Word("uint256", value.toWord());
  }

  /** A {@code uint256} that is a licence id. */
  public static AbiValue uint256(LicenseId value) {
    return new AbiValue.Word("uint256", value.toWord());
  }

  /**
   * An unsigned number of so many bits.
   *
   * @throws InvalidValueException if the type does not exist or the value does not fit it
   */
  public static AbiValue uint(int bits, BigInteger value) {
    checkBits(bits);
    return new AbiValue.Word("uint" + bits, Hash.ofUint(Uint256.check("uint" + bits, value, bits)));
  }

  /** An unsigned number of so many bits. */
  public static AbiValue uint(int bits, long value) {
    return uint(bits, BigInteger.valueOf(value));
  }

  /** A {@code bytes} of any length. */
  public static AbiValue bytes(Bytes value) {
    return new AbiValue.Blob("bytes", value);
  }

  /** A {@code string}. */
  public static AbiValue string(String value) {
    return new AbiValue.Blob("string", Bytes.wrap(value.getBytes(StandardCharsets.UTF_8)));
  }

  /** An array of any length; the type is needed because it may be empty. */
  public static AbiValue array(String itemType, List<AbiValue> items) {
    return new AbiValue.Array(itemType, items);
  }

  /** A {@code bytes32[]}, such as a Merkle proof. */
  public static AbiValue bytes32Array(List<Hash> items) {
    return array("bytes32", items.stream().map(Abi::bytes32).toList());
  }

  /** A struct. */
  public static AbiValue tuple(AbiValue... members) {
    return new AbiValue.Tuple(List.of(members));
  }

  /**
   * The call data of a function: its selector, made from the name and the arguments' types, and the
   * arguments.
   *
   * @param function the bare name; the brackets and types are added
   * @throws InvalidValueException if the name has brackets already
   */
  public static Bytes call(String function, AbiValue... arguments) {
    if (function.isEmpty() || function.indexOf('(') >= 0) {
      throw new InvalidValueException("function", "a name without brackets", function);
    }
    return call(Selector.of(function + typeList(List.of(arguments))), arguments);
  }

  /** The call data of a function whose selector is known. */
  public static Bytes call(Selector selector, AbiValue... arguments) {
    List<AbiValue> list = List.of(arguments);
    byte[] out = new byte[Selector.SIZE + AbiWriter.sequenceSize(list)];
    BigEndian.putInt(out, 0, selector.value());
    new AbiWriter(out).write(list, Selector.SIZE);
    return Bytes.wrap(out);
  }

  /** The arguments alone, as {@code abi.encode} and constructors have them. */
  public static Bytes encode(AbiValue... arguments) {
    List<AbiValue> list = List.of(arguments);
    byte[] out = new byte[AbiWriter.sequenceSize(list)];
    new AbiWriter(out).write(list, 0);
    return Bytes.wrap(out);
  }

  /** The types in brackets, as signatures have them. */
  static String typeList(List<AbiValue> values) {
    return values.stream().map(AbiValue::type).collect(Collectors.joining(",", "(", ")"));
  }

  private static void checkBits(int bits) {
    if (bits < 8 || bits > 256 || bits % 8 != 0) {
      throw new InvalidValueException("bits", "a multiple of 8 up to 256", Integer.toString(bits));
    }
  }
}
