package network.tachi.contracts.deploy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import network.tachi.chainconfig.ContractAt;
import network.tachi.chainconfig.ContractName;
import network.tachi.chainconfig.Deployment;
import network.tachi.contracts.call.MeteringLedgerCalls;
import network.tachi.contracts.wire.Committed;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.EpochBody;
import network.tachi.contracts.wire.EpochHeader;
import network.tachi.contracts.wire.LogProof;
import network.tachi.contracts.wire.MemoryLog;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.SettlementTrees;
import network.tachi.contracts.wire.UsageAttestation;
import network.tachi.contracts.wire.WireDomain;
import network.tachi.contracts.wire.WireIds;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.LicenseId;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.BlockTag;
import network.tachi.evm.rpc.Receipt;

/** An oracle in a few lines: it keeps a log, settles it and posts headers on both chains. */
final class LedgerClient {
  final LocalNetwork network;
  final List<ContractAt> onBase;
  final Address ledger;
  final Address escrow;
  final Address anchor;
  final Hash deploymentId;
  final WireDomain.Metering metering;
  final WireDomain.Credit credit;
  final List<UsageAttestation> lines = new ArrayList<>();
  final MemoryLog log = new MemoryLog();
  private final Map<String, UsageAttestation.PairTip> tips = new HashMap<>();
  private final Map<String, PairLeaf> pairs = new TreeMap<>();
  private final DirectTxSender poster;
  private Hash prevHeaderHash;
  private long epoch;

  LedgerClient(LocalNetwork network, Deployment deployment) {
    this.network = network;
    onBase = LocalNetwork.contracts(deployment, network.base);
    ledger = LocalNetwork.address(onBase, ContractName.METERING_LEDGER);
    escrow = LocalNetwork.address(onBase, ContractName.CREDIT_ESCROW);
    anchor =
        LocalNetwork.address(
            LocalNetwork.contracts(deployment, network.ethereum), ContractName.HEADER_ANCHOR);
    deploymentId = deployment.deploymentId();
    metering = WireDomain.metering(network.base.chain(), ledger);
    credit = WireDomain.credit(network.base.chain(), escrow);
    poster = network.onBase("poster");
    prevHeaderHash = deploymentId;
  }

  long generation() {
    return MeteringLedgerCalls.head().ask(network.base.rpc(), ledger, BlockTag.LATEST).generation();
  }

  UsageAttestation.Service service(Address crawler, LicenseId license, long price) {
    Hash random = Keccak.hash("random " + lines.size());
    return new UsageAttestation.Service(
        crawler,
        license,
        Keccak.hash("content"),
        WireIds.requestId(license, crawler, random),
        1,
        UsdcAmount.of(price));
  }

  UsageAttestation.Position next() {
    return new UsageAttestation.Position(generation(), lines.size(), 1);
  }

  /** Charges a voucher. */
  UsageAttestation charge(CrawlVoucher voucher, long price) {
    String pair = voucher.crawler() + "/" + voucher.licenseId();
    UsageAttestation line =
        UsageAttestation.credit(
            next(),
            service(voucher.crawler(), voucher.licenseId(), price),
            tips.getOrDefault(pair, UsageAttestation.PairTip.NONE),
            voucher.digest(credit),
            network.now() * 1000);
    append(line);
    tips.put(pair, line.tip());
    pairs.put(pair, PairLeaf.of(line));
    return line;
  }

  /** Appends a line, right or wrong. */
  void append(UsageAttestation line) {
    lines.add(line);
    log.append(line.leafHash());
  }

  Signature sign(UsageAttestation line) {
    return network.attestationKey.sign(line.digest(metering));
  }

  SettlementTrees trees() {
    return SettlementTrees.of(pairs.values());
  }

  LogProof proof(int index) {
    return new LogProof(lines.get(index), index, log.inclusionProof(index, log.size()));
  }

  /** The next epoch over what the log holds now. */
  Committed close() {
    EpochBody body =
        EpochBody.of(
            log.size(), log.root(), trees(), WireIds.rulesHash(new TreeMap<>()), network.now());
    EpochHeader header =
        new EpochHeader(
            epoch + 1,
            generation(),
            prevHeaderHash,
            network.signers.digest(deploymentId),
            body.structHash());
    return new Committed(header, body);
  }

  Receipt post(Committed committed) {
    Receipt receipt =
        poster.send(
            ledger,
            MeteringLedgerCalls.post(committed, network.sign(committed.header(), deploymentId)));
    epoch = committed.header().epoch();
    prevHeaderHash = committed.header().structHash();
    return receipt;
  }

  Receipt finalise(Committed committed) {
    return poster.send(ledger, MeteringLedgerCalls.finalise(committed));
  }
}
