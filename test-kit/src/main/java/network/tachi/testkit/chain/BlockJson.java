package network.tachi.testkit.chain;

import java.util.List;
import java.util.function.Predicate;
import network.tachi.evm.Hash;
import org.jspecify.annotations.Nullable;

/** Writes blocks, transactions, receipts and logs as nodes do. */
final class BlockJson {
  private static final long VALUE = 0;

  private final GeneratedChain chain;

  BlockJson(GeneratedChain chain) {
    this.chain = chain;
  }

  /** A block with its transactions, or with their hashes. */
  void block(JsonBytes out, Tip tip, boolean full) {
    ChainBlock block = tip.block();
    out.beginObject();
    header(out, block);
    out.name("size").quantity(block.size());
    out.name("uncles").beginArray().endArray();
    if (chain.spec().shape().headerFields() > 16) {
      out.name("withdrawals").beginArray().endArray();
    }
    out.name("transactions").beginArray();
    if (full) {
      chain.body(tip).transactions().forEach(each -> transaction(out, block, each));
    } else {
      byte[] hashes = block.transactionHashes().toArray();
      for (int i = 0; i < hashes.length; i += Hash.SIZE) {
        out.hash(Hash.read(hashes, i));
      }
    }
    out.endArray().endObject();
  }

  /** What a subscription to heads sends. */
  void head(JsonBytes out, ChainBlock block) {
    out.beginObject();
    header(out, block);
    out.endObject();
  }

  private void header(JsonBytes out, ChainBlock block) {
    HeaderFields header = chain.header(block);
    out.name("hash").hash(block.hash());
    out.name("parentHash").hash(header.parentHash());
    out.name("sha3Uncles").hash(header.ommersHash());
    out.name("miner").address(header.beneficiary());
    out.name("stateRoot").hash(header.stateRoot());
    out.name("transactionsRoot").hash(header.transactionsRoot());
    out.name("receiptsRoot").hash(header.receiptsRoot());
    out.name("logsBloom").bytes(header.logsBloom());
    out.name("difficulty").quantity(header.difficulty());
    out.name("number").quantity(header.number());
    out.name("gasLimit").quantity(header.gasLimit());
    out.name("gasUsed").quantity(header.gasUsed());
    out.name("timestamp").quantity(header.timestamp());
    millis(out, "timestampMs", block);
    out.name("extraData").bytes(header.extraData());
    out.name("mixHash").hash(header.mixHash());
    out.name("nonce").bytes(header.nonce());
    quantity(out, "baseFeePerGas", header.baseFeePerGas());
    hash(out, "withdrawalsRoot", header.withdrawalsRoot());
    quantity(out, "blobGasUsed", header.blobGasUsed());
    quantity(out, "excessBlobGas", header.excessBlobGas());
    hash(out, "parentBeaconBlockRoot", header.parentBeaconBlockRoot());
    hash(out, "requestsHash", header.requestsHash());
    hash(out, "blockAccessListHash", header.blockAccessListHash());
    quantity(out, "slotNumber", header.slotNumber());
  }

  private void millis(JsonBytes out, String name, ChainBlock block) {
    if (chain.spec().timestampMillis()) {
      out.name(name).quantity(chain.millis(block.number()));
    }
  }

  private static void quantity(JsonBytes out, String name, @Nullable Long value) {
    if (value != null) {
      out.name(name).quantity(value);
    }
  }

  private static void hash(JsonBytes out, String name, @Nullable Hash value) {
    if (value != null) {
      out.name(name).hash(value);
    }
  }

  /** A mined transaction. */
  void transaction(JsonBytes out, ChainBlock block, BodyTransaction transaction) {
    SignedPlan signed = transaction.signed();
    PlannedTransaction plan = signed.plan();
    out.beginObject();
    out.name("blockHash").hash(block.hash());
    out.name("blockNumber").quantity(block.number());
    out.name("from").address(plan.from());
    out.name("gas").quantity(SignedPlan.GAS_LIMIT);
    out.name("gasPrice").quantity(gasPrice(plan));
    out.name("hash").hash(signed.hash());
    out.name("input").bytes(signed.input());
    out.name("nonce").quantity(signed.nonce());
    out.name("to").address(plan.to());
    out.name("transactionIndex").quantity(transaction.index());
    out.name("value").quantity(VALUE);
    out.name("type").quantity(plan.kind().type());
    switch (plan.kind()) {
      case LEGACY ->
          out.name("chainId").quantity(signed.chain().value()).name("v").quantity(signed.v());
      case ACCESS_LIST -> typed(out, signed);
      case DYNAMIC_FEE -> {
        out.name("maxFeePerGas").quantity(SignedPlan.MAX_FEE);
        out.name("maxPriorityFeePerGas").quantity(SignedPlan.PRIORITY_FEE);
        typed(out, signed);
      }
      case DEPOSIT -> {
        out.name("sourceHash").hash(signed.r());
        out.name("mint").quantity(0);
        out.name("depositReceiptVersion").quantity(SignedPlan.DEPOSIT_VERSION);
        out.name("v").quantity(0).name("r").quantity(0).name("s").quantity(0);
      }
    }
    if (plan.kind() != PlannedTransaction.Kind.DEPOSIT) {
      out.name("r").quantity(signed.r().toUint());
      out.name("s").quantity(signed.s().toUint());
    }
    out.endObject();
  }

  private static void typed(JsonBytes out, SignedPlan signed) {
    out.name("accessList").beginArray().endArray();
    out.name("chainId").quantity(signed.chain().value());
    out.name("v").quantity(signed.yParity()).name("yParity").quantity(signed.yParity());
  }

  private static long gasPrice(PlannedTransaction plan) {
    return switch (plan.kind()) {
      case LEGACY, ACCESS_LIST -> SignedPlan.MAX_FEE;
      case DYNAMIC_FEE -> HeaderForm.BASE_FEE + SignedPlan.PRIORITY_FEE;
      case DEPOSIT -> 0;
    };
  }

  /** All receipts of a block, in order. */
  void receipts(JsonBytes out, Tip tip) {
    out.beginArray();
    for (BodyTransaction transaction : chain.body(tip).transactions()) {
      receipt(out, tip.block(), transaction);
    }
    out.endArray();
  }

  /** The receipt of a mined transaction. */
  void receipt(JsonBytes out, ChainBlock block, BodyTransaction transaction) {
    PlannedTransaction plan = transaction.plan();
    out.beginObject();
    out.name("blockHash").hash(block.hash());
    out.name("blockNumber").quantity(block.number());
    out.name("contractAddress").nothing();
    out.name("cumulativeGasUsed").quantity(transaction.cumulativeGasUsed());
    out.name("effectiveGasPrice").quantity(gasPrice(plan));
    out.name("from").address(plan.from());
    out.name("gasUsed").quantity(transaction.gasUsed());
    out.name("logs").beginArray();
    logs(out, block, transaction, _ -> true);
    out.endArray();
    out.name("logsBloom").bytes(transaction.logsBloom());
    out.name("status").quantity(plan.success() ? 1 : 0);
    out.name("to").address(plan.to());
    out.name("transactionHash").hash(transaction.hash());
    out.name("transactionIndex").quantity(transaction.index());
    out.name("type").quantity(plan.kind().type());
    if (plan.kind() == PlannedTransaction.Kind.DEPOSIT) {
      out.name("depositNonce").quantity(transaction.signed().nonce());
      if (chain.spec().shape().hasDepositVersion()) {
        out.name("depositReceiptVersion").quantity(SignedPlan.DEPOSIT_VERSION);
      }
    }
    out.endObject();
  }

  /** The logs of a transaction that pass a test; returns how many. */
  int logs(
      JsonBytes out, ChainBlock block, BodyTransaction transaction, Predicate<PlannedLog> wanted) {
    List<PlannedLog> logs = transaction.logs();
    int written = 0;
    for (int i = 0; i < logs.size(); i++) {
      if (wanted.test(logs.get(i))) {
        log(out, block, transaction, i);
        written++;
      }
    }
    return written;
  }

  private void log(JsonBytes out, ChainBlock block, BodyTransaction transaction, int index) {
    PlannedLog log = transaction.logs().get(index);
    out.beginObject();
    out.name("address").address(log.address());
    out.name("topics").beginArray();
    log.topics().forEach(out::hash);
    out.endArray();
    out.name("data").bytes(log.data());
    out.name("blockNumber").quantity(block.number());
    out.name("transactionHash").hash(transaction.hash());
    out.name("transactionIndex").quantity(transaction.index());
    out.name("blockHash").hash(block.hash());
    out.name("blockTimestamp").quantity(block.timestamp());
    millis(out, "blockTimestampMs", block);
    out.name("logIndex").quantity(transaction.firstLogIndex() + index);
    out.name("removed").raw("false");
    out.endObject();
  }
}
