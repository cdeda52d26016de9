package network.tachi.tx;

import java.time.InstantSource;
import java.util.List;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip1559Transaction;
import network.tachi.evm.SignedTransaction;
import network.tachi.evm.Signer;

/** Signs rows. */
final class TxSigner {
  private final ChainId chain;
  private final Signer signer;
  private final InstantSource clock;

  TxSigner(ChainId chain, Signer signer, InstantSource clock) {
    this.chain = chain;
    this.signer = signer;
    this.clock = clock;
  }

  /** The row with one more attempt, which is stored nowhere yet. */
  OutboxRow sign(OutboxRow row, long nonce, long gas, Fees fees) {
    SignedTransaction signed =
        new Eip1559Transaction(
                chain,
                nonce,
                fees.priority(),
                fees.maxFee(),
                gas,
                row.to(),
                row.value(),
                row.data(),
                List.of())
            .sign(signer);
    return row.sent(
        nonce,
        gas,
        new OutboxRow.Attempt(
            row.nextAttempt(), signed.hash(), signed.raw(), fees, clock.instant()));
  }
}
