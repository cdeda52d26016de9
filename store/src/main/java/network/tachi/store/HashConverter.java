package network.tachi.store;

import network.tachi.evm.Hash;
import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/** Reads {@code types.hash} as a {@link Hash}. */
public final class HashConverter extends AbstractConverter<byte[], Hash> {
  private static final long serialVersionUID = 1L;

  /** Creates the converter. */
  public HashConverter() {
    super(byte[].class, Hash.class);
  }

  @Override
  public @Nullable Hash from(byte @Nullable [] value) {
    return value == null ? null : Hash.of(value);
  }

  @Override
  public byte @Nullable [] to(@Nullable Hash value) {
    return value == null ? null : value.toBytes();
  }
}
