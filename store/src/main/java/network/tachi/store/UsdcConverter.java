package network.tachi.store;

import java.math.BigInteger;
import network.tachi.evm.UsdcAmount;
import org.jooq.impl.AbstractConverter;
import org.jspecify.annotations.Nullable;

/** Reads {@code types.usdc} as a {@link UsdcAmount}. */
public final class UsdcConverter extends AbstractConverter<BigInteger, UsdcAmount> {
  private static final long serialVersionUID = 1L;

  /** Creates the converter. */
  public UsdcConverter() {
    super(BigInteger.class, UsdcAmount.class);
  }

  @Override
  public @Nullable UsdcAmount from(@Nullable BigInteger value) {
    return value == null ? null : UsdcAmount.of(value);
  }

  @Override
  public @Nullable BigInteger to(@Nullable UsdcAmount value) {
    return value == null ? null : value.toBigInteger();
  }
}
