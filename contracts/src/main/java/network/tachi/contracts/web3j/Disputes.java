package network.tachi.contracts.web3j;

import static network.tachi.contracts.web3j.Bindings.data;

import java.math.BigInteger;
import java.util.List;
import network.tachi.contracts.event.PaymentEvent.PaymentMade;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import org.jspecify.annotations.NullMarked;

/** {@code DisputeResolver}. A disputed payment is named as its event told it. */
@NullMarked
public final class Disputes {
  private static final DisputeResolver ENCODER = Bindings.encoder(DisputeResolver::load);

  private Disputes() {}

  /**
   * Disputes payments of the sender to one licence. The contract takes a tenth of their sum,
   * rounded up, from the sender's allowance, and gives it back unless the sender loses.
   */
  public static Bytes open(List<PaymentMade> payments, Hash evidenceHash, String evidenceUri) {
    return data(ENCODER.open(named(payments), evidenceHash.toBytes(), evidenceUri));
  }

  /** Refunds the crawler; publisher. */
  public static Bytes accept(BigInteger disputeId, List<PaymentMade> payments) {
    return data(ENCODER.accept(disputeId, named(payments)));
  }

  private static List<DisputeResolver.Payment> named(List<PaymentMade> payments) {
    return payments.stream()
        .map(payment ->
            new DisputeResolver.Payment(
                payment.paymentId().toBytes(),
                payment.licenseId().toBigInteger(),
                payment.payer().toString(),
                payment.amount().toBigInteger(),
                Bindings.uint64(payment.paidAt())))
        .toList();
  }
}
