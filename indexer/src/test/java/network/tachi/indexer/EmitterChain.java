package network.tachi.indexer;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import network.tachi.contracts.event.ContractKind;
import network.tachi.contracts.event.PaymentEvent;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.ContractAddresses;
import network.tachi.evm.Eip1559Transaction;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.PrivateKey;
import network.tachi.evm.SignedTransaction;
import network.tachi.evm.Signer;
import network.tachi.evm.WordBuffer;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.indexer.LogEmitter.Emitted;
import network.tachi.testkit.Anvil;
import network.tachi.testkit.Anvil.ReorgTransaction;
import network.tachi.testkit.AnvilOptions;
import org.jspecify.annotations.Nullable;

/** A real anvil with one log emitter for each kind of contract, and accounts that call them. */
final class EmitterChain implements AutoCloseable {
  /** The first of the accounts that anvil funds in its genesis block, whose key everybody knows. */
  private static final String DEPLOYER =
      "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

  private static final BigInteger MAX_FEE = BigInteger.valueOf(100_000_000_000L);

  private final Anvil anvil;
  private final Signer sender = Signer.of(PrivateKey.parse(DEPLOYER));
  private final Map<ContractKind, Address> emitters = new EnumMap<>(ContractKind.class);
  private final IndexedChain indexed;
  private long serial;

  private EmitterChain(Anvil anvil) {
    this.anvil = anvil;
    List<FollowedContract> contracts = new ArrayList<>();
    for (ContractKind kind : ContractKind.values()) {
      long nonce = nonceAt(BlockTag.PENDING);
      send(nonce, null, LogEmitter.INIT_CODE);
      Address address = ContractAddresses.create(sender.address(), nonce);
      emitters.put(kind, address);
      contracts.add(new FollowedContract(address, kind, 1));
    }
    anvil.mine(1);
    this.indexed = new IndexedChain(anvil.chain(), "test", new FollowedContracts(contracts));
  }

  /** Starts anvil without mining on transactions, and deploys the emitters in block 1. */
  static EmitterChain start(AnvilOptions options) {
    return new EmitterChain(Anvil.start(options.withoutMining()));
  }

  Anvil anvil() {
    return anvil;
  }

  IndexedChain indexed() {
    return indexed;
  }

  Address emitter(ContractKind kind) {
    return java.util.Objects.requireNonNull(emitters.get(kind));
  }

  long head() {
    return anvil.rpc().blockNumber();
  }

  /** Puts a transaction that emits the logs into the pool. */
  Hash emit(ContractKind kind, List<Emitted> logs) {
    return send(nonceAt(BlockTag.PENDING), emitter(kind), LogEmitter.callData(logs));
  }

  /** Mines a block with a transaction of so many payments, each unlike all others. */
  void minePayments(int payments) {
    emit(ContractKind.PAYMENT_PROCESSOR, payments(payments));
    anvil.mine(1);
  }

  /** Mines blocks, each with two payments. */
  void mineBlocksOfPayments(int blocks) {
    for (int i = 0; i < blocks; i++) {
      minePayments(2);
    }
  }

  /** So many payments, each unlike all others. */
  List<Emitted> payments(int count) {
    List<Emitted> logs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long id = ++serial;
      WordBuffer data =
          new WordBuffer(4)
              .uint(1_000 + id)
              .hash(Keccak.hash("nonce " + id))
              .uint(1 + id % 2)
              .uint(1_800_000_000L + id);
      logs.add(
          new Emitted(
              List.of(
                  PaymentEvent.PaymentMade.ABI.topic0(),
                  Keccak.hash("payment " + id),
                  Hash.ofUint(1 + id % 7),
                  sender.address().toWord()),
              Bytes.wrap(data.toBytes())));
    }
    return logs;
  }

  /**
   * Replaces the newest blocks; each of the new ones holds one transaction with so many new
   * payments.
   */
  void reorgWithPayments(int depth, int paymentsPerBlock) {
    long nonce = nonceAt(BlockRef.number(head() - depth));
    List<ReorgTransaction> transactions = new ArrayList<>();
    for (int block = 0; block < depth; block++) {
      transactions.add(
          new ReorgTransaction(
              signed(
                      nonce + block,
                      emitter(ContractKind.PAYMENT_PROCESSOR),
                      LogEmitter.callData(payments(paymentsPerBlock)))
                  .raw(),
              block));
    }
    anvil.reorg(depth, transactions);
  }

  SignedTransaction signed(long nonce, @Nullable Address to, Bytes data) {
    return new Eip1559Transaction(
            anvil.chain(),
            nonce,
            BigInteger.ONE,
            MAX_FEE,
            3_000_000,
            to,
            BigInteger.ZERO,
            data,
            List.of())
        .sign(sender);
  }

  long nonceAt(BlockRef block) {
    return anvil.rpc().transactionCount(sender.address(), block);
  }

  private Hash send(long nonce, @Nullable Address to, Bytes data) {
    return anvil.rpc().sendRawTransaction(signed(nonce, to, data));
  }

  @Override
  public void close() {
    anvil.close();
  }
}
