package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import network.tachi.contracts.wire.UsageAttestation.Service;
import network.tachi.evm.ChainId;
import network.tachi.evm.Hash;

/**
 * A request paid on chain for itself alone.
 *
 * @param service who read what, and its price
 * @param chain where it was paid
 * @param paymentId of wire.md section 1
 * @param transaction the transaction that holds the payment
 */
record DirectRequest(Service service, ChainId chain, Hash paymentId, Hash transaction)
    implements PaidRequest {
  DirectRequest {
    requireNonNull(service, "service is null");
    requireNonNull(chain, "chain is null");
    requireNonNull(paymentId, "paymentId is null");
    requireNonNull(transaction, "transaction is null");
  }
}
