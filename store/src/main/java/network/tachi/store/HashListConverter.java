package network.tachi.store;

import java.util.Arrays;
import java.util.List;
import network.tachi.evm.Hash;
import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/** Reads {@code bytea[]} as a list of {@link Hash}. */
public final class HashListConverter extends AbstractConverter<byte[][], List<Hash>> {
  private static final long serialVersionUID = 1L;

  /** Creates the converter. */
  @SuppressWarnings("unchecked")
  public HashListConverter() {
    super(byte[][].class, (Class<List<Hash>>) (Class<?>) List.class);
  }

  @Override
  public @Nullable List<Hash> from(byte @Nullable [][] value) {
    return value == null ? null : Arrays.stream(value).map(Hash::of).toList();
  }

  @Override
  public byte @Nullable [][] to(@Nullable List<Hash> value) {
    return value == null ? null : value.stream().map(Hash::toBytes).toArray(byte[][]::new);
  }
}
