package network.tachi.store;

import network.tachi.evm.Address;
import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/** Reads {@code types.address} as an {@link Address}. */
public final class AddressConverter extends AbstractConverter<byte[], Address> {
  private static final long serialVersionUID = 1L;

  /** Creates the converter. */
  public AddressConverter() {
    super(byte[].class, Address.class);
  }

  @Override
  public @Nullable Address from(byte @Nullable [] value) {
    return value == null ? null : Address.of(value);
  }

  @Override
  public byte @Nullable [] to(@Nullable Address value) {
    return value == null ? null : value.toBytes();
  }
}
