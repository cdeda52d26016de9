package network.tachi.contracts.deploy;

import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ChainId;
import network.tachi.evm.Eip1559Transaction;
import network.tachi.evm.Hash;
import network.tachi.evm.SignedTransaction;
import network.tachi.evm.Signer;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.Receipt;
import network.tachi.evm.rpc.RpcException;

/**
 * Sends without a database: the nonce comes from the chain, and what is lost on the way stays lost.
 * For tests, and for deploying from a machine that has nothing else; roles use the outbox. One
 * transaction at a time.
 */
public final class DirectTxSender implements TxSender {
  /** First wait for a receipt; doubles up to {@link #LONGEST_POLL}. */
  private static final Duration FIRST_POLL = Duration.ofMillis(20);

  private static final Duration LONGEST_POLL = Duration.ofSeconds(1);
  private static final BigInteger TWO = BigInteger.TWO;

  private final EthRpc rpc;
  private final ChainId chain;
  private final Signer signer;
  private final Duration timeout;
  private final ReentrantLock oneAtATime = new ReentrantLock();

  /**
   * Creates a sender.
   *
   * @param timeout how long to wait for a transaction to be mined
   */
  public DirectTxSender(EthRpc rpc, ChainId chain, Signer signer, Duration timeout) {
    this.rpc = rpc;
    this.chain = chain;
    this.signer = signer;
    this.timeout = timeout;
  }

  @Override
  public Address address() {
    return signer.address();
  }

  @Override
  public Receipt send(Address to, Bytes data, BigInteger value) {
    oneAtATime.lock();
    try {
      SignedTransaction transaction = sign(to, data, value);
      Hash hash = rpc.sendRawTransaction(transaction);
      Receipt receipt = await(hash);
      if (!receipt.success()) {
        throw new TransactionFailedException("transaction " + hash + " to " + to + " reverted");
      }
      return receipt;
    } finally {
      oneAtATime.unlock();
    }
  }

  private SignedTransaction sign(Address to, Bytes data, BigInteger value) {
    long gas = estimate(new CallRequest(address(), to, value, data));
    BigInteger tip = rpc.maxPriorityFeePerGas();
    BigInteger base = rpc.feeHistory(1, BlockTag.LATEST, List.of()).nextBaseFee();
    return new Eip1559Transaction(
            chain,
            rpc.transactionCount(address(), BlockTag.PENDING),
            tip,
            base.multiply(TWO).add(tip),
            gas,
            to,
            value,
            data,
            List.of())
        .sign(signer);
  }

  /**
   * What the node estimates and a quarter more, for what changes until the transaction is mined.
   */
  private long estimate(CallRequest request) {
    try {
      long gas = rpc.estimateGas(request);
      return gas + gas / 4;
    } catch (RpcException.ErrorReply e) {
      String reason = e.revertReason().map(ContractErrors::describe).orElse(e.nodeMessage());
      throw new TransactionFailedException("call of " + request.to() + " reverts: " + reason, e);
    }
  }

  private Receipt await(Hash hash) {
    long waited = 0;
    long pause = FIRST_POLL.toNanos();
    while (waited <= timeout.toNanos()) {
      Optional<Receipt> receipt = rpc.transactionReceipt(hash);
      if (receipt.isPresent()) {
        return receipt.get();
      }
      LockSupport.parkNanos(pause);
      if (Thread.currentThread().isInterrupted()) {
        throw new TransactionFailedException("interrupted while waiting for transaction " + hash);
      }
      waited += pause;
      pause = Math.min(2 * pause, LONGEST_POLL.toNanos());
    }
    throw new TransactionFailedException(
        "transaction " + hash + " is not mined after " + timeout.toSeconds() + " s");
  }
}
