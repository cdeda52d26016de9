package network.tachi.contracts.web3j;

import static network.tachi.contracts.web3j.Bindings.ask;
import static network.tachi.contracts.web3j.Bindings.data;

import java.time.Duration;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.LicenseId;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.EthRpc;
import org.jspecify.annotations.NullMarked;

/** {@code PaymentProcessor}: payments for single requests. */
@NullMarked
public final class Payments {
  private static final PaymentProcessor ENCODER = Bindings.encoder(PaymentProcessor::load);

  private final PaymentProcessor payments;

  /** The payments on the head. */
  public Payments(EthRpc rpc, Address contract) {
    payments = Bindings.at(rpc, contract, BlockTag.LATEST, PaymentProcessor::load);
  }

  /** The dispute resolver; zero while there is none. */
  public Address resolver() {
    return Bindings.address(payments.resolver());
  }

  /** The admin. */
  public Address owner() {
    return Bindings.address(payments.owner());
  }

  /** Who gets the protocol fee. */
  public Address feeRecipient() {
    return Bindings.address(payments.feeRecipient());
  }

  /** The protocol fee in force, in basis points. */
  public int feeBps() {
    return ask(payments.feeBps()).intValueExact();
  }

  /** Length of a bucket. */
  public Duration bucket() {
    return Bindings.seconds(payments.bucketSeconds());
  }

  /**
   * When a bucket can be withdrawn, in seconds since 1970. A bucket is {@code paidAt} by the length
   * of a bucket.
   */
  public long maturesAt(long bucket) {
    return ask(payments.maturesAt(Bindings.uint64(bucket))).longValueExact();
  }

  /**
   * Pays a licence from the sender's allowance; the nonce is the payer's, once for each payment.
   */
  public static Bytes pay(LicenseId id, UsdcAmount amount, Hash nonce) {
    return data(ENCODER.pay(id.toBigInteger(), amount.toBigInteger(), nonce.toBytes()));
  }

  /** Pays out all that can no longer be disputed; anyone. */
  public static Bytes withdraw(LicenseId id) {
    return data(ENCODER.withdraw(id.toBigInteger()));
  }

  /** Pays external payments out; anyone. */
  public static Bytes sweep(LicenseId id) {
    return data(ENCODER.sweep(id.toBigInteger()));
  }

  /** Names the dispute resolver, once; admin. */
  public static Bytes setResolver(Address resolver) {
    return data(ENCODER.setResolver(resolver.toString()));
  }
}
