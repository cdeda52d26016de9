package network.tachi.store;

import java.util.Arrays;
import java.util.List;
import network.tachi.evm.Address;
import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/** Reads {@code bytea[]} as a list of {@link Address}. */
public final class AddressListConverter extends AbstractConverter<byte[][], List<Address>> {
  private static final long serialVersionUID = 1L;

  /** Creates the converter. */
  @SuppressWarnings("unchecked")
  public AddressListConverter() {
    super(byte[][].class, (Class<List<Address>>) (Class<?>) List.class);
  }

  @Override
  public @Nullable List<Address> from(byte @Nullable [][] value) {
    return value == null ? null : Arrays.stream(value).map(Address::of).toList();
  }

  @Override
  public byte @Nullable [][] to(@Nullable List<Address> value) {
    return value == null ? null : value.stream().map(Address::toBytes).toArray(byte[][]::new);
  }
}
