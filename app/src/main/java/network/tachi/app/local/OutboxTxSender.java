package network.tachi.app.local;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import network.tachi.contracts.deploy.TransactionFailedException;
import network.tachi.contracts.deploy.TxSender;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Keccak;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.Receipt;
import network.tachi.tx.Outbox;
import network.tachi.tx.TxRequest;
import network.tachi.tx.TxStatus;

/**
 * Sends a deployment's transactions through the outbox. What a transaction does is its identity: a
 * deployment that was killed and starts again finds the transactions it had stored, and none is
 * sent twice.
 */
public final class OutboxTxSender implements TxSender {
  private static final String KIND = "deploy";
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Outbox outbox;
  private final ChainId chain;
  private final EthRpc rpc;
  private final Address sender;

  /**
   * A sender over an outbox that somebody is sending for.
   *
   * @param sender the account of the outbox's sender on this chain
   */
  public OutboxTxSender(Outbox outbox, ChainId chain, EthRpc rpc, Address sender) {
    this.outbox = outbox;
    this.chain = chain;
    this.rpc = rpc;
    this.sender = sender;
  }

  @Override
  public Address address() {
    return sender;
  }

  @Override
  public Receipt send(Address to, Bytes data, BigInteger value) {
    String key =
        Keccak.hash(to.toBytes(), data.toArray(), value.toString().getBytes(StandardCharsets.UTF_8))
            .toString();
    outbox.enqueue(new TxRequest(chain, KIND, key, to, data, value));
    TxStatus status = outbox.awaitIncluded(chain, KIND, key, PATIENCE);
    if (!status.succeeded()) {
      throw new TransactionFailedException(
          "transaction to " + to + " on chain " + chain + " failed: " + status.reason());
    }
    return rpc.transactionReceipt(status.requireTransaction())
        .orElseThrow(
            () -> new TransactionFailedException("no receipt of " + status.requireTransaction()));
  }
}
