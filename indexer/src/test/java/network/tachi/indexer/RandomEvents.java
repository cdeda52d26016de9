package network.tachi.indexer;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import network.tachi.contracts.event.TachiEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Uint256;
import network.tachi.evm.UsdcAmount;

/** Events of every kind with values that are likely to be stored or read wrongly. */
final class RandomEvents {
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\0",
          "a\0b\0",
          "\uFFFD",
          "ipfs://x",
          "quote ' \" \\ \t \r\n , {NULL} \\N",
          "\uD83D\uDE00 \u202E \u0301 \uFEFF",
          "x".repeat(70_000),
          "\u00E9".repeat(9_000));

  private static final List<BigInteger> NUMBERS =
      List.of(
          BigInteger.ZERO,
          BigInteger.ONE,
          BigInteger.TEN.pow(20),
          BigInteger.valueOf(Long.MAX_VALUE),
          BigInteger.ONE.shiftLeft(63),
          BigInteger.ONE.shiftLeft(255),
          Uint256.MAX);

  private static final long[] LONGS = {0, 1, 1L << 31, Long.MAX_VALUE, Long.MIN_VALUE, -1};

  private final Random random;

  RandomEvents(Random random) {
    this.random = random;
  }

  /** All kinds of events. */
  static List<Class<? extends TachiEvent>> kinds() {
    return Arrays.stream(TachiEvent.class.getPermittedSubclasses())
        .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
        .<Class<? extends TachiEvent>>map(kind -> kind.asSubclass(TachiEvent.class))
        .toList();
  }

  /** An event of any kind. */
  TachiEvent next() {
    List<Class<? extends TachiEvent>> kinds = kinds();
    return next(kinds.get(random.nextInt(kinds.size())));
  }

  /** An event of a kind. */
  <T> T next(Class<T> kind) {
    RecordComponent[] components = kind.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Object[] values = Arrays.stream(components).map(part -> value(part.getGenericType())).toArray();
    try {
      var constructor = kind.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(kind.getName(), e);
    }
  }

  private Object value(Type type) {
    if (type instanceof ParameterizedType list) {
      List<Object> items = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        items.add(value(list.getActualTypeArguments()[0]));
      }
      return items;
    }
    if (type == Hash.class) {
      return hash();
    }
    if (type == Address.class) {
      return random.nextInt(6) == 0 ? Address.ZERO : Address.read(hash().toBytes(), 3);
    }
    if (type == LicenseId.class) {
      return LicenseId.of(random.nextInt(4) == 0 ? Long.MAX_VALUE : 1 + random.nextInt(9));
    }
    if (type == UsdcAmount.class) {
      return random.nextInt(4) == 0
          ? UsdcAmount.MAX
          : UsdcAmount.of(new BigInteger(random.nextInt(129), random));
    }
    if (type == BigInteger.class) {
      return random.nextBoolean()
          ? NUMBERS.get(random.nextInt(NUMBERS.size()))
          : new BigInteger(random.nextInt(257), random);
    }
    if (type == String.class) {
      return TEXTS.get(random.nextInt(TEXTS.size()));
    }
    if (type == long.class) {
      return random.nextBoolean() ? LONGS[random.nextInt(LONGS.length)] : random.nextLong();
    }
    if (type == int.class) {
      return random.nextInt(256);
    }
    if (type == Bytes.class) {
      byte[] bytes = new byte[random.nextInt(1_000)];
      random.nextBytes(bytes);
      return Bytes.of(bytes);
    }
    return next((Class<?>) type);
  }

  /** Any hash, sometimes one of only zeros or ones. */
  Hash hash() {
    byte[] bytes = new byte[Hash.SIZE];
    switch (random.nextInt(6)) {
      case 0 -> {}
      case 1 -> Arrays.fill(bytes, (byte) 0xff);
      default -> random.nextBytes(bytes);
    }
    return Hash.of(bytes);
  }
}
