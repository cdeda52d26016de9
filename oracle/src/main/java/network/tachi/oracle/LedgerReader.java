package network.tachi.oracle;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import network.tachi.contracts.call.CreditEscrowCalls;
import network.tachi.contracts.call.DemandCalls;
import network.tachi.contracts.call.HeaderAnchorCalls;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.call.View;
import network.tachi.contracts.deploy.ContractErrors;
import network.tachi.evm.Abi;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockHeader;
import network.tachi.evm.rpc.BlockRef;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.CallRequest;
import network.tachi.evm.rpc.EthRpc;
import network.tachi.evm.rpc.RpcException;
import org.jspecify.annotations.Nullable;

/** Asks the contracts themselves where they stand. */
final class LedgerReader implements SettlementClock {
  /**
   * The ledger at one block.
   *
   * @param generation new headers must carry
   * @param lastPosted newest epoch; 0 if there is none
   * @param lastHeaderHash of that epoch; the deployment id if there is none
   * @param lastFinalised newest final epoch; 0 if there is none
   */
  record Head(long generation, long lastPosted, Hash lastHeaderHash, long lastFinalised) {
    Head {
      requireNonNull(lastHeaderHash, "lastHeaderHash is null");
    }
  }

  /** The JSON-RPC code of a call that was run and failed. */
  private static final int EXECUTION_REVERTED = 3;

  private final EthRpc settlement;
  private final EthRpc anchor;
  private final Deployment deployment;
  private volatile @Nullable EscrowTimes escrowTimes;

  LedgerReader(EthRpc settlement, EthRpc anchor, Deployment deployment) {
    this.settlement = requireNonNull(settlement, "settlement is null");
    this.anchor = requireNonNull(anchor, "anchor is null");
    this.deployment = requireNonNull(deployment, "deployment is null");
  }

  @Override
  public long headTimestamp() {
    return block(BlockTag.LATEST).timestamp();
  }

  /** Where the ledger stands at the block with this tag; empty if it was not deployed then. */
  Optional<Head> head(BlockTag tag) {
    BlockRef at = BlockRef.hash(block(tag).hash());
    if (settlement.code(deployment.meteringLedger(), at).isEmpty()) {
      return Optional.empty();
    }
    MeteringLedgerCalls.Head head = ask(MeteringLedgerCalls.head(), at);
    return Optional.of(
        new Head(
            head.generation(),
            head.lastPosted(),
            ask(MeteringLedgerCalls.headerAt(head.lastPosted()), at).headerHash(),
            head.lastFinalised()));
  }

  /** A posted header; its hash is zero if the ledger does not have it. */
  MeteringLedgerCalls.PostedHeader posted(long epoch) {
    return ask(MeteringLedgerCalls.headerAt(epoch), BlockTag.LATEST);
  }

  /** A demand about a header. */
  DemandCalls.State demand(Hash headerHash, Hash demandId) {
    return ask(DemandCalls.demand(headerHash, demandId), BlockTag.LATEST);
  }

  /** How many demands about pending headers are open. */
  long openDemands() {
    return ask(DemandCalls.openDemands(), BlockTag.LATEST);
  }

  /** Why the ledger would refuse a call by an account now; empty if it would not. */
  Optional<String> refusal(Address sender, Bytes data) {
    try {
      settlement.call(CallRequest.of(sender, deployment.meteringLedger(), data), BlockTag.LATEST);
      return Optional.empty();
    } catch (RpcException.ErrorReply e) {
      if (e.code() != EXECUTION_REVERTED && e.data().isEmpty()) {
        throw e;
      }
      return Optional.of(e.revertReason().map(ContractErrors::describe).orElse(e.nodeMessage()));
    }
  }

  /** The operator's bond. */
  UsdcAmount bond() {
    return ask(MeteringLedgerCalls.bond(), BlockTag.LATEST);
  }

  /** All deposits less all withdrawals: the most that may be credited in total. */
  UsdcAmount netDeposits() {
    return CreditEscrowCalls.netDeposits()
        .ask(settlement, deployment.creditEscrow(), BlockTag.LATEST);
  }

  /** The escrow's times, which never change. */
  EscrowTimes escrowTimes() {
    EscrowTimes known = escrowTimes;
    if (known == null) {
      known =
          new EscrowTimes(
              askEscrow(CreditEscrowCalls.revokeDelay()),
              askEscrow(CreditEscrowCalls.fallbackSeconds()));
      escrowTimes = known;
    }
    return known;
  }

  private Duration askEscrow(View<Long> seconds) {
    return Duration.ofSeconds(seconds.ask(settlement, deployment.creditEscrow(), BlockTag.LATEST));
  }

  /** The digest of the signer configuration in force. */
  Hash configDigest(BlockTag tag) {
    return ask(MeteringLedgerCalls.configDigest(), tag);
  }

  /** Whether an attestation key was proven to have lied. */
  boolean isKeyDropped(Address key) {
    return ask(
        new View<>(Abi.call("keyDropped", Abi.address(key)), reader -> reader.bool(0)),
        BlockTag.LATEST);
  }

  /** The newest header on the anchor chain. */
  HeaderAnchorCalls.Latest anchored() {
    return HeaderAnchorCalls.latest().ask(anchor, deployment.headerAnchor(), BlockTag.LATEST);
  }

  private <T> T ask(View<T> view, BlockRef at) {
    return view.ask(settlement, deployment.meteringLedger(), at);
  }

  private BlockHeader block(BlockTag tag) {
    return settlement
        .block(tag)
        .orElseThrow(() -> new IllegalStateException("the node has no " + tag + " block"));
  }
}
