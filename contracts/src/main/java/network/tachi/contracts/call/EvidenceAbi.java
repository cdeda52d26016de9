package network.tachi.contracts.call;

import java.util.List;
import java.util.stream.IntStream;
import network.tachi.contracts.wire.CrawlVoucher;
import network.tachi.contracts.wire.CrawlerLeaf;
import network.tachi.contracts.wire.LicenseLeaf;
import network.tachi.contracts.wire.PairGap;
import network.tachi.contracts.wire.PairLeaf;
import network.tachi.contracts.wire.PairProof;
import network.tachi.contracts.wire.PartyLeaf;
import network.tachi.contracts.wire.Proven;
import network.tachi.contracts.wire.SumNode;
import network.tachi.evm.Abi;
import network.tachi.evm.AbiValue;
import network.tachi.evm.Address;
import network.tachi.evm.Hash;
import network.tachi.evm.UsdcAmount;

/** Evidence about settlement trees (wire.md section 6) as ABI values. */
final class EvidenceAbi {
  private static final String SUM_NODE = "(bytes32,uint128)";
  private static final String PARENT =
      "((uint256,uint128,uint64,bytes32),uint64," + SUM_NODE + "[])";
  private static final String PAIR =
      "((address,uint256,uint128,uint64,uint64,bytes32),uint64," + SUM_NODE + "[]," + PARENT + ")";

  private EvidenceAbi() {}

  /** A {@code ParentProof}. */
  static AbiValue parent(Proven<? extends PartyLeaf<?>> party) {
    PartyLeaf<?> leaf = party.leaf();
    AbiValue key =
        switch (leaf) {
          case LicenseLeaf licence -> Abi.uint256(licence.licenseId());
          case CrawlerLeaf crawler -> new AbiValue.Word("uint256", crawler.crawler().toWord());
        };
    return Abi.tuple(
        Abi.tuple(
            key,
            WireAbi.uint128(leaf.cumulative()),
            WireAbi.uint64(leaf.pairCount()),
            Abi.bytes32(leaf.pairRoot())),
        WireAbi.uint64(party.proof().index()),
        path(party.proof().path()));
  }

  /** The parent that stands where none is needed. */
  static AbiValue noParent() {
    return Abi.tuple(
        Abi.tuple(
            Abi.uint256(0),
            WireAbi.uint128(UsdcAmount.ZERO),
            WireAbi.uint64(0),
            Abi.bytes32(Hash.ZERO)),
        WireAbi.uint64(0),
        path(List.of()));
  }

  /** A {@code PairProof}. */
  static AbiValue pair(PairProof<? extends PartyLeaf<?>> proof) {
    return Abi.tuple(
        leaf(proof.pair().leaf()),
        WireAbi.uint64(proof.pair().proof().index()),
        path(proof.pair().proof().path()),
        parent(proof.parent()));
  }

  /** A {@code PairProof} of which only its place and its parent are looked at. */
  static AbiValue parentOnly(long pairIndex, AbiValue parent) {
    AbiValue leaf =
        Abi.tuple(
            Abi.address(Address.ZERO),
            Abi.uint256(0),
            WireAbi.uint128(UsdcAmount.ZERO),
            WireAbi.uint64(0),
            WireAbi.uint64(0),
            Abi.bytes32(Hash.ZERO));
    return Abi.tuple(leaf, WireAbi.uint64(pairIndex), path(List.of()), parent);
  }

  /** The pair that stands where none is needed: its cumulative is 0. */
  static AbiValue noPair() {
    return parentOnly(0, noParent());
  }

  /** A {@code PairGap}. */
  static AbiValue gap(PairGap gap) {
    List<PairProof<? extends PartyLeaf<?>>> pairs = gap.pairs();
    return Abi.tuple(
        Abi.array(
            PAIR,
            IntStream.range(0, pairs.size())
                .mapToObj(i -> i == 0 ? pair(pairs.get(i)) : nextPair(pairs.get(i).pair()))
                .toList()),
        parents(gap.parents()));
  }

  /** Of a second neighbour only leaf and path are looked at. */
  private static AbiValue nextPair(Proven<PairLeaf> pair) {
    return Abi.tuple(leaf(pair.leaf()), WireAbi.uint64(0), path(pair.proof().path()), noParent());
  }

  /** A {@code ParentProof[]}. */
  static AbiValue parents(List<Proven<? extends PartyLeaf<?>>> parents) {
    return Abi.array(PARENT, parents.stream().map(EvidenceAbi::parent).toList());
  }

  /** A {@code CrawlerProof}. */
  static AbiValue crawler(Proven<CrawlerLeaf> crawler) {
    CrawlerLeaf leaf = crawler.leaf();
    return Abi.tuple(
        Abi.tuple(
            Abi.address(leaf.crawler()),
            WireAbi.uint128(leaf.cumulative()),
            WireAbi.uint64(leaf.pairCount()),
            Abi.bytes32(leaf.pairRoot())),
        WireAbi.uint64(crawler.proof().index()),
        path(crawler.proof().path()));
  }

  /** A {@code CrawlVoucher}. */
  static AbiValue voucher(CrawlVoucher voucher) {
    return Abi.tuple(
        Abi.address(voucher.crawler()),
        Abi.uint256(voucher.licenseId()),
        WireAbi.uint128(voucher.cumulativeMax()),
        Abi.bytes32(voucher.termsHash()));
  }

  private static AbiValue leaf(PairLeaf leaf) {
    return Abi.tuple(
        Abi.address(leaf.crawler()),
        Abi.uint256(leaf.licenseId()),
        WireAbi.uint128(leaf.cumulative()),
        WireAbi.uint64(leaf.lastPairSeq()),
        WireAbi.uint64(leaf.lastLogIndex()),
        Abi.bytes32(leaf.voucherHash()));
  }

  private static AbiValue path(List<SumNode> path) {
    return Abi.array(
        SUM_NODE,
        path.stream()
            .map(node -> Abi.tuple(Abi.bytes32(node.hash()), WireAbi.uint128(node.sum())))
            .toList());
  }
}
