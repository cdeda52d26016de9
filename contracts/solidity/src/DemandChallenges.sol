// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ICrawlLicense} from "./interfaces/ICrawlLicense.sol";
import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {IUsdc} from "./interfaces/IUsdc.sol";
import {Committed, CrawlVoucher, LogProof, PairProof, UsageAttestation} from "./lib/Types.sol";
import {Ecdsa} from "./lib/Ecdsa.sol";
import {LogProofLib} from "./lib/LogProofLib.sol";
import {SettlementProofs} from "./lib/SettlementProofs.sol";
import {Wire} from "./lib/Wire.sol";
import {ChallengeBase} from "./ChallengeBase.sol";
import {LedgerState} from "./LedgerState.sol";

/// @title The metering ledger's demands
/// @notice Where a path, a line, a node or a voucher is withheld, a demand with a fee asks for it. The answer must come in
/// time, or anyone voids the header and the bond is lost; wire.md section 6. The fee goes to the operator if it was
/// answered, else back to who asked.
/// @dev Runs on the ledger's storage, as `LedgerChallenges` does. A demand opens only if it ends inside the header's window,
/// and a header with an open demand is not finalised: none extends a window, none can be outrun.
contract DemandChallenges is ChallengeBase {
    using SafeERC20 for IUsdc;

    /// @dev Kinds of demands; part of their ids.
    uint8 private constant LINE = 1;
    uint8 private constant REFERENCE = 2;
    uint8 private constant NODE = 4;
    uint8 private constant VOUCHER = 9;
    /// @dev `ChallengeWon` names an expired demand for a voucher C9, and the others by ten more than their kind, since C1,
    /// C2 and C4 are other things.
    uint8 private constant WITHHELD = 10;

    /// @notice The escrow in which crawlers register who may sign their vouchers.
    ICreditEscrow public immutable creditEscrow;
    /// @notice The registry that knows who holds a licence.
    ICrawlLicense public immutable licenses;
    /// @notice What a demand costs.
    uint256 public immutable demandFee;
    /// @notice Seconds in which a demand must be answered.
    uint64 public immutable demandSeconds;

    event DemandOpened(
        bytes32 indexed demandId,
        bytes32 indexed headerHash,
        uint8 indexed kind,
        address asker,
        bytes subject,
        uint256 fee,
        uint64 answerBy
    );
    event DemandAnswered(bytes32 indexed demandId, address indexed answerer);
    event DemandExpired(bytes32 indexed demandId);

    error TooLateToAsk(uint64 finalisableAt);
    error AlreadyAsked(bytes32 demandId);
    error NotAParty(address asker);
    error NotCredit(uint64 index);
    error NotOfThisHeader(uint64 index);
    error NoSuchLine(uint64 index);
    error NoSuchLeaf(uint64 index);
    error NotOpen(bytes32 demandId);
    error TooLateToAnswer(uint64 answerBy);
    error StillAnswerable(uint64 answerBy);
    error VoucherTooLow(uint128 cumulativeMax, uint128 cumulative);
    error NotSignedForCrawler(address crawler, address signer);

    /// @param demandFee_ more than the gas of an answer costs, or asking would be a way to harm the operator.
    /// @param demandSeconds_ well below the ledger's window.
    constructor(
        IUsdc usdc_,
        ICreditEscrow creditEscrow_,
        ICrawlLicense licenses_,
        uint256 demandFee_,
        uint64 demandSeconds_
    ) Ownable(address(this)) LedgerState(0, 0, usdc_) {
        creditEscrow = creditEscrow_;
        licenses = licenses_;
        demandFee = demandFee_;
        demandSeconds = demandSeconds_;
    }

    // ---- to ask

    /// @notice D1: show the path of a line that was promised and that the target is the first to cover. Anyone who holds
    /// the attestation.
    function demandLine(Committed calldata target, UsageAttestation calldata a, bytes calldata signature)
        external
        nonReentrant
    {
        _checkTarget(target);
        bool covered = a.logIndex >= _sizeBefore(target) && a.logIndex < target.body.logSize;
        if (a.generation != target.header.generation || !covered) revert NotOfThisHeader(a.logIndex);
        _checkAttested(a, signature);
        _open(target, LINE, abi.encode(Wire.logLeaf(a)));
    }

    /// @notice D2: show the line that a pair leaf names as its last, or that a line names as the one before it. A party named
    /// in the leaf or line.
    /// @param debit which tree the pair leaf stands in.
    /// @param pair if its cumulative is 0, `line` is looked at instead.
    function demandReference(Committed calldata target, bool debit, PairProof calldata pair, LogProof calldata line)
        external
        nonReentrant
    {
        _checkTarget(target);
        _checkNamed(target, debit, pair, line);
        uint64 index = pair.pair.cumulative == 0 ? line.leaf.pairPrevIndex : pair.pair.lastLogIndex;
        // C5a and C4 tell of a place that the log does not have.
        if (index >= target.body.logSize) revert NoSuchLine(index);
        _open(target, REFERENCE, abi.encode(index));
    }

    /// @notice C9: show the voucher by which a pair, or a line, was billed. A party named in it. Only for what the target is
    /// the first to bill: consent is judged as of its `closedAt`, and what was billed before was to be asked then.
    /// @param debit which tree the pair leaf stands in.
    /// @param pair if its cumulative is 0, `line` is looked at instead.
    function demandVoucher(Committed calldata target, bool debit, PairProof calldata pair, LogProof calldata line)
        external
        nonReentrant
    {
        _checkTarget(target);
        _checkNamed(target, debit, pair, line);
        bool byLine = pair.pair.cumulative == 0;
        uint64 index = byLine ? line.index : pair.pair.lastLogIndex;
        if (index < _sizeBefore(target)) revert NotOfThisHeader(index);
        _open(
            target,
            VOUCHER,
            byLine
                ? abi.encode(line.leaf.crawler, line.leaf.licenseId, line.leaf.paymentRef, line.leaf.pairCumulative)
                : abi.encode(pair.pair.crawler, pair.pair.licenseId, pair.pair.voucherHash, pair.pair.cumulative)
        );
    }

    /// @notice D4: show a leaf of a settlement tree. Anyone.
    /// @param pairIndex which of the parent's pairs; `NONE` asks for the parent leaf only.
    function demandNode(Committed calldata target, bool debit, uint64 parentIndex, uint64 pairIndex)
        external
        nonReentrant
    {
        _checkTarget(target);
        if (parentIndex >= SettlementProofs.treeOf(target.body, debit).count) revert NoSuchLeaf(parentIndex);
        _open(target, NODE, abi.encode(debit, parentIndex, pairIndex));
    }

    // ---- to answer; anyone may, the fee is the operator's

    /// @notice Answers D1.
    function answerLine(Committed calldata target, UsageAttestation calldata a, bytes32[] calldata path)
        external
        nonReentrant
    {
        _checkTarget(target);
        bytes32 leafHash = Wire.logLeaf(a);
        if (!LogProofLib.verify(target.body.logRoot, target.body.logSize, leafHash, a.logIndex, path)) {
            revert BadProof();
        }
        _answer(target, LINE, abi.encode(leafHash));
    }

    /// @notice Answers D2.
    function answerReference(Committed calldata target, LogProof calldata line) external nonReentrant {
        _checkTarget(target);
        _checkLine(target.body, line);
        _answer(target, REFERENCE, abi.encode(line.index));
    }

    /// @notice Answers C9.
    /// @param cumulative what the pair or the line is billed in total.
    /// @param signature 65 bytes, of the crawler or of one whom it had registered as of the target's `closedAt`.
    function answerVoucher(
        Committed calldata target,
        CrawlVoucher calldata voucher,
        uint128 cumulative,
        bytes calldata signature
    ) external nonReentrant {
        _checkTarget(target);
        if (voucher.cumulativeMax < cumulative) revert VoucherTooLow(voucher.cumulativeMax, cumulative);
        bytes32 voucherHash =
            keccak256(abi.encodePacked("\x19\x01", creditEscrow.domainSeparator(), Wire.hashStruct(voucher)));
        address signer = Ecdsa.recover65(voucherHash, signature);
        if (signer == address(0) || !creditEscrow.isSignerAt(voucher.crawler, signer, target.body.closedAt)) {
            revert NotSignedForCrawler(voucher.crawler, signer);
        }
        _answer(target, VOUCHER, abi.encode(voucher.crawler, voucher.licenseId, voucherHash, cumulative));
    }

    /// @notice Answers D4.
    /// @param proof the parent, and the pair at the place that was asked for; of the pair only `index` is looked at if just
    /// the parent was asked for, or if it has no pair there.
    function answerNode(Committed calldata target, bool debit, PairProof calldata proof) external nonReentrant {
        _checkTarget(target);
        SettlementProofs.Tree memory tree = SettlementProofs.treeOf(target.body, debit);
        bool shown = proof.index < proof.parent.leaf.pairCount
            ? SettlementProofs.hasPair(tree, proof)
            : SettlementProofs.hasParent(tree, proof.parent);
        if (!shown) revert BadProof();
        _answer(target, NODE, abi.encode(debit, proof.parent.index, proof.index));
    }

    // ---- when nothing came

    /// @notice Voids a header of which a demand was not answered in time, as a challenge won by who asked; who asked gets
    /// the fee back. If the header is void already, only that. Anyone.
    function expireDemand(Committed calldata target, bytes32 demandId) external nonReentrant {
        bytes32 headerHash = Wire.hashStruct(target.header);
        Demand memory demand = demands[headerHash][demandId];
        if (!demand.open) revert NotOpen(demandId);
        uint64 epoch = target.header.epoch;
        bool pending = _inRing(_head, epoch, headerHash);
        if (pending && block.timestamp <= demand.answerBy) revert StillAnswerable(demand.answerBy);
        demands[headerHash][demandId].open = false;
        emit DemandExpired(demandId);
        if (pending) _defeat(epoch, demand.kind == VOUCHER ? VOUCHER : WITHHELD + demand.kind, demand.asker);
        _pay(demand.asker, demandFee);
    }

    // ---- internals

    /// @dev Reverts unless the pair leaf, or the CREDIT line if there is none, stands in the target and names the caller: its
    /// crawler, or its licence's holder.
    function _checkNamed(Committed calldata target, bool debit, PairProof calldata pair, LogProof calldata line)
        private
        view
    {
        (address crawler, uint256 licenseId) = (pair.pair.crawler, pair.pair.licenseId);
        if (pair.pair.cumulative == 0) {
            _checkLine(target.body, line);
            if (line.leaf.rail != Wire.CREDIT) revert NotCredit(line.index);
            (crawler, licenseId) = (line.leaf.crawler, line.leaf.licenseId);
        } else if (!SettlementProofs.hasPair(SettlementProofs.treeOf(target.body, debit), pair)) {
            revert BadProof();
        }
        if (msg.sender != crawler && msg.sender != licenses.ownerOf(licenseId)) revert NotAParty(msg.sender);
    }

    function _open(Committed calldata target, uint8 kind, bytes memory subject) private {
        bytes32 headerHash = Wire.hashStruct(target.header);
        uint64 finalisableAt = _ring[target.header.epoch % RING_SIZE].finalisableAt;
        uint64 answerBy = uint64(block.timestamp) + demandSeconds;
        if (answerBy > finalisableAt) revert TooLateToAsk(finalisableAt);
        bytes32 demandId = Wire.demandId(headerHash, kind, subject);
        if (demands[headerHash][demandId].asker != address(0)) revert AlreadyAsked(demandId);
        demands[headerHash][demandId] = Demand(msg.sender, uint40(answerBy), kind, true);
        ++openDemandsOf[headerHash];
        ++_head.openDemands;
        emit DemandOpened(demandId, headerHash, kind, msg.sender, subject, demandFee, answerBy);
        usdc.safeTransferFrom(msg.sender, address(this), demandFee);
    }

    /// @dev Reverts for a demand that is not open or whose time is over. A late answer would let an operator wait for
    /// whether anybody comes to void the header.
    function _answer(Committed calldata target, uint8 kind, bytes memory subject) private {
        bytes32 headerHash = Wire.hashStruct(target.header);
        bytes32 demandId = Wire.demandId(headerHash, kind, subject);
        Demand memory demand = demands[headerHash][demandId];
        if (!demand.open) revert NotOpen(demandId);
        if (block.timestamp > demand.answerBy) revert TooLateToAnswer(demand.answerBy);
        demands[headerHash][demandId].open = false;
        --openDemandsOf[headerHash];
        --_head.openDemands;
        emit DemandAnswered(demandId, msg.sender);
        _pay(owner(), demandFee);
    }
}
