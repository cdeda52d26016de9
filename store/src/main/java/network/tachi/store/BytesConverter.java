package network.tachi.store;

import network.tachi.evm.Bytes;
import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/** Reads {@code bytea} as {@link Bytes}. */
public final class BytesConverter extends AbstractConverter<byte[], Bytes> {
  private static final long serialVersionUID = 1L;

  /** Creates the converter. */
  public BytesConverter() {
    super(byte[].class, Bytes.class);
  }

  @Override
  public @Nullable Bytes from(byte @Nullable [] value) {
    return value == null ? null : Bytes.wrap(value);
  }

  @Override
  public byte @Nullable [] to(@Nullable Bytes value) {
    return value == null ? null : value.toArray();
  }
}
