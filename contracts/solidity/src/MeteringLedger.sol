// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ICrawlLicense} from "./interfaces/ICrawlLicense.sol";
import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {IDebitLedger} from "./interfaces/IDebitLedger.sol";
import {IUsdc} from "./interfaces/IUsdc.sol";
import {Committed, CrawlerProof, EpochBody, EpochHeader, LicenseLeaf, LicenseProof, SumNode} from "./lib/Types.sol";
import {SumTree} from "./lib/SumTree.sol";
import {UsdcOut} from "./lib/UsdcOut.sol";
import {Wire} from "./lib/Wire.sol";
import {DemandChallenges} from "./DemandChallenges.sol";
import {LedgerChallenges} from "./LedgerChallenges.sol";
import {LedgerState} from "./LedgerState.sol";
import {LostBonds} from "./LostBonds.sol";
import {RemedyState} from "./RemedyState.sol";
import {SettlementChallenges} from "./SettlementChallenges.sol";

/// @title The metering ledger
/// @notice Takes one signed header per epoch, strictly in order. A header is pending for a window in which anyone can
/// prove it wrong; then it is final, licences claim what its credit tree gives them, and crawlers withdraw what its
/// debit tree leaves them. A won challenge voids the header and its successors only, and costs the operator's bond.
/// @dev Pending headers live in a ring. The slot of the last finalised header is never overwritten, so the header that
/// the next one must follow is always in the ring.
contract MeteringLedger is IDebitLedger, RemedyState {
    using SafeERC20 for IUsdc;
    using SafeCast for uint256;

    /// @notice Windows and delays, seconds.
    struct Times {
        uint64 windowSeconds;
        uint64 maxWindowSeconds;
        uint64 bondNoticeSeconds;
        uint64 configDelay;
    }

    /// @dev Most lines of a log and most leaves of a tree.
    uint64 private constant MAX_COUNT = type(uint48).max;

    /// @notice The judges, deployed before the ledger.
    struct Judges {
        LedgerChallenges log;
        SettlementChallenges settlement;
        DemandChallenges demands;
        LostBonds bonds;
    }

    /// @notice The code that judges challenges to the log and to signatures.
    LedgerChallenges public immutable challenges;
    /// @notice The code that judges challenges to the settlement trees.
    SettlementChallenges public immutable settlementChallenges;
    /// @notice The code that judges demands.
    DemandChallenges public immutable demandChallenges;
    /// @notice The code that shares out lost bonds.
    LostBonds public immutable lostBonds;
    /// @notice The pool that claims are paid from.
    ICreditEscrow public immutable escrow;
    /// @notice The licence registry.
    ICrawlLicense public immutable license;
    /// @notice Shortest window: that of the deployment.
    uint64 public immutable minWindowSeconds;
    /// @notice Longest window; thaws and revocations take longer.
    uint64 public immutable maxWindowSeconds;
    /// @notice Most seconds between a header's `closedAt` and its posting; half the escrow's `fallbackSeconds`.
    uint64 public immutable closedAtMaxAge;
    /// @notice Seconds between a notice and the bond's withdrawal; 14 days in production.
    uint64 public immutable bondNoticeSeconds;

    event HeaderPosted(
        uint64 indexed epoch,
        uint64 indexed generation,
        bytes32 indexed headerHash,
        bytes32 prevHeaderHash,
        bytes32 configDigest,
        EpochBody body,
        uint64 finalisableAt
    );
    event HeaderFinalised(uint64 indexed epoch, bytes32 indexed headerHash);
    event Claimed(
        uint256 indexed licenseId, address indexed payout, uint64 indexed epoch, uint256 amount, uint256 cumulative
    );
    event WindowScheduled(uint64 windowSeconds, uint64 effectiveAt);
    event BondDeposited(address indexed from, uint256 amount, uint256 bond);
    event BondNotice(uint256 amount, uint64 withdrawableAt);
    event BondWithdrawn(address indexed to, uint256 amount, uint256 bond);

    error WrongJudge(address judge);
    error ZeroAmount();
    error NotNextEpoch(uint64 expected, uint64 given);
    error RingFull();
    error WrongGeneration(uint64 expected, uint64 given);
    error WrongPrevHeader(bytes32 expected, bytes32 given);
    error ClosedAtOutOfRange(uint64 closedAt);
    error LogShrank(uint64 before, uint64 given);
    error TotalsDiffer(uint128 totalCredit, uint128 totalDebit);
    error EmptyTree(uint64 count, bytes32 root);
    error TooMany(uint64 count);
    error TotalShrank(uint128 before, uint128 given);
    error Insolvent(uint256 netDeposits, uint128 totalCredit);
    error BondTooSmall(uint128 bond, uint128 growth);
    error WindowOpen(uint64 finalisableAt);
    error WindowOutOfRange(uint64 windowSeconds);
    error NothingToClaim(uint256 licenseId);
    error BondNoticeTooLarge(uint128 amount, uint128 bond);
    error NoBondNotice();
    error BondLocked();

    /// @param admin the operator: owns the bond and proposes signer sets.
    /// @param times 6 h, 14 days and 48 h in production.
    /// @param judges made for the same USDC, escrow and registry; demands end well inside the window.
    constructor(
        address admin,
        IUsdc usdc_,
        ICreditEscrow escrow_,
        ICrawlLicense license_,
        Times memory times,
        uint8 threshold,
        address[] memory signers,
        address attestationKey,
        Judges memory judges
    ) Ownable(admin) LedgerState(Wire.deploymentId(block.chainid, address(this)), times.configDelay, usdc_) {
        _checkJudges(judges, escrow_, license_, times.windowSeconds);
        challenges = judges.log;
        settlementChallenges = judges.settlement;
        demandChallenges = judges.demands;
        lostBonds = judges.bonds;
        closedAtMaxAge = escrow_.fallbackSeconds() / 2;
        escrow = escrow_;
        license = license_;
        minWindowSeconds = times.windowSeconds;
        maxWindowSeconds = times.maxWindowSeconds;
        _window = uint256(times.windowSeconds).toUint24();
        bondNoticeSeconds = times.bondNoticeSeconds;
        _head.generation = 1;
        // Slots that were never zero make every post cost the same.
        for (uint256 i = 0; i < RING_SIZE; ++i) {
            _ring[i] = RingSlot(bytes32(uint256(1)), 0, 0, 0, 0, 1);
        }
        _ring[0].headerHash = deploymentId;
        _initConfig(threshold, signers, attestationKey);
    }

    // ---- headers

    /// @notice Posts the next epoch's header. The same header again does nothing, so retries never fail.
    /// @param signerBitmap bit i: signer i of the configuration in force signed.
    /// @param signatures 64-byte forms in ascending signer index.
    function post(EpochHeader calldata header, EpochBody calldata body, uint32 signerBitmap, bytes calldata signatures)
        external
    {
        bytes32 headerHash = Wire.hashStruct(header);
        Head memory at = _head;
        uint64 epoch = header.epoch;
        if (_inRing(at, epoch, headerHash)) return;
        RingSlot storage prev = _ring[at.lastPosted % RING_SIZE];
        _checkHeader(header, at, prev.headerHash);
        if (Wire.hashStruct(body) != header.bodyHash) revert WrongBody();
        _checkBody(body, prev, at);
        _checkQuorum(_headerDomain, _configInForce(), header, headerHash, signerBitmap, signatures);

        uint64 finalisableAt = uint64(block.timestamp + windowSeconds());
        // To finalise a header is to finalise all before it, which a shorter window must not cut short.
        if (finalisableAt < prev.finalisableAt) finalisableAt = prev.finalisableAt;
        // Of what is not cast safely, the checks above have shown that it fits.
        _ring[epoch % RING_SIZE] = RingSlot({
            headerHash: headerHash,
            totalCredit: uint256(body.totalCredit).toUint72(),
            finalisableAt: uint256(finalisableAt).toUint40(),
            closedAt: uint40(body.closedAt),
            logSize: uint48(body.logSize),
            generation: at.generation
        });
        _head.lastPosted = at.lastPosted + 1;
        emit HeaderPosted(
            epoch, at.generation, headerHash, header.prevHeaderHash, header.configDigest, body, finalisableAt
        );
    }

    /// @notice Makes a pending header and all before it final, once its window is over. Anyone; again does nothing.
    function finalise(Committed calldata target) external {
        bytes32 headerHash = Wire.hashStruct(target.header);
        uint64 epoch = target.header.epoch;
        Head memory at = _head;
        if (!_inRing(at, epoch, headerHash)) revert NotPending(epoch);
        if (epoch <= at.lastFinalised) return;
        if (Wire.hashStruct(target.body) != target.header.bodyHash) revert WrongBody();
        uint64 finalisableAt = _ring[epoch % RING_SIZE].finalisableAt;
        if (block.timestamp < finalisableAt) revert WindowOpen(finalisableAt);
        if (at.openDemands != 0) _checkNoDemand(at.lastFinalised + 1, epoch);
        EpochBody calldata body = target.body;
        // All of these fit, else `post` had refused them.
        _head.lastFinalised = uint32(epoch);
        _head.credit = uint72(body.totalCredit);
        _finalised = Finalised({
            creditRoot: body.creditRoot,
            debitRoot: body.debitRoot,
            credit: uint80(body.totalCredit),
            epoch: uint32(epoch),
            licenseCount: uint48(body.licenseCount),
            crawlerCount: uint48(body.crawlerCount),
            closedAt: uint40(body.closedAt)
        });
        for (uint64 e = at.lastFinalised + 1; e <= epoch; ++e) {
            emit HeaderFinalised(e, _ring[e % RING_SIZE].headerHash);
        }
    }

    // ---- claims

    /// @notice Pays a licence what the last finalised header gives it beyond what it was paid. Anyone, to the
    /// licence's payout address.
    /// @dev What is paid is noted before any call, and no call hands over to others; so the guard only asks.
    function claim(LicenseLeaf calldata leaf, uint64 index, SumNode[] calldata path)
        external
        nonReentrantView
        returns (uint128 amount)
    {
        (SumNode memory root, uint64 count, uint64 epoch) = _creditTree();
        SumNode memory node = Wire.leafNode(leaf);
        if (!SumTree.verify(root, count, node, index, path)) revert BadProof();
        (uint256 licenseId, uint128 cumulative) = (leaf.licenseId, node.sum);
        uint128 before = claimed[licenseId];
        if (cumulative <= before) revert NothingToClaim(licenseId);
        amount = cumulative - before;
        claimed[licenseId] = cumulative;
        address payout = license.payoutOf(licenseId);
        emit Claimed(licenseId, payout, epoch, amount, cumulative);
        escrow.payClaim(licenseId, payout, amount);
    }

    /// @notice Claims for many licences. One that has nothing to claim, or that fails, is skipped.
    /// @dev A claim that fails for want of gas is not skipped: a node that estimates the batch would otherwise find the
    /// least gas with which every claim is skipped.
    /// @return total what was paid.
    function claimBatch(LicenseProof[] calldata claims) external nonReentrant returns (uint256 total) {
        (SumNode memory root, uint64 count, uint64 epoch) = _creditTree();
        for (uint256 i = 0; i < claims.length; ++i) {
            LicenseProof calldata proof = claims[i];
            if (!SumTree.verify(root, count, Wire.leafNode(proof.leaf), proof.index, proof.path)) continue;
            total += _tryClaim(proof.leaf.licenseId, proof.leaf.cumulative, epoch);
        }
    }

    /// @inheritdoc IDebitLedger
    function finalisedDebit(address crawler, CrawlerProof[] calldata proofs)
        external
        view
        returns (uint128 debit, uint64 closedAt)
    {
        closedAt = _finalised.closedAt;
        uint64 count = _finalised.crawlerCount;
        if (count == 0) return (0, closedAt);
        for (uint256 i = 0; i < proofs.length; ++i) {
            SumNode memory root = SumNode(_finalised.debitRoot, _finalised.credit);
            CrawlerProof calldata proof = proofs[i];
            if (!SumTree.verify(root, count, Wire.leafNode(proof.leaf), proof.index, proof.path)) revert BadProof();
        }
        if (proofs.length == 1) {
            address named = proofs[0].leaf.crawler;
            if (named == crawler) return (proofs[0].leaf.cumulative, closedAt);
            bool before = crawler < named && proofs[0].index == 0;
            bool behind = crawler > named && proofs[0].index == count - 1;
            if (!before && !behind) revert BadProof();
        } else if (
            proofs.length != 2 || proofs[1].index != proofs[0].index + 1 || crawler <= proofs[0].leaf.crawler
                || crawler >= proofs[1].leaf.crawler
        ) {
            revert BadProof();
        }
    }

    // ---- challenges, demands and lost bonds

    /// @notice The functions of the judges are this contract's too: what it does not know itself it runs in their code, on its
    /// own storage. All of it together would not fit into one contract.
    // solhint-disable-next-line no-complex-fallback, payable-fallback
    fallback() external {
        // Its address is fixed at construction.
        // solhint-disable-next-line avoid-low-level-calls
        (bool ok, bytes memory answer) = _judgeOf(msg.sig).delegatecall(msg.data);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            if ok { return(add(answer, 32), mload(answer)) }
            revert(add(answer, 32), mload(answer))
        }
    }

    // ---- bond

    /// @notice Adds to the operator's bond. Anyone.
    function depositBond(uint128 amount) external nonReentrant {
        if (amount == 0) revert ZeroAmount();
        uint64 sum = _head.bond + uint256(amount).toUint64();
        _head.bond = sum;
        emit BondDeposited(msg.sender, amount, sum);
        usdc.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice Announces that `amount` of the bond will be taken out. Replaces an earlier notice; 0 takes it back.
    function noticeBond(uint128 amount) external onlyOwner {
        if (amount > _head.bond) revert BondNoticeTooLarge(amount, _head.bond);
        (bondNotice, _head.bondNoticed) = (amount, amount != 0);
        bondNoticeAt = uint64(block.timestamp) + bondNoticeSeconds;
        emit BondNotice(amount, bondNoticeAt);
    }

    /// @notice Takes out what was announced, when the notice is over and no header is pending.
    function withdrawBond(address to) external onlyOwner nonReentrant {
        Head memory at = _head;
        uint128 amount = bondNotice < at.bond ? bondNotice : at.bond;
        if (amount == 0) revert NoBondNotice();
        if (block.timestamp < bondNoticeAt || at.lastPosted != at.lastFinalised) revert BondLocked();
        uint64 rest = at.bond - uint64(amount);
        (bondNotice, _head.bondNoticed, _head.bond) = (0, false, rest);
        emit BondWithdrawn(to, amount, rest);
        usdc.safeTransfer(to, amount);
    }

    // ---- the window

    /// @notice Lets headers posted after `configDelay` be pending for longer or shorter, between the shortest and the longest
    /// window. Replaces a change that has not taken effect.
    function scheduleWindow(uint64 newSeconds) external onlyOwner {
        if (newSeconds < minWindowSeconds || newSeconds > maxWindowSeconds) revert WindowOutOfRange(newSeconds);
        _window = uint24(windowSeconds());
        uint256 effectiveAt = block.timestamp + configDelay;
        (_windowScheduled, _nextWindow, _nextWindowAt) = (true, uint24(newSeconds), uint40(effectiveAt));
        emit WindowScheduled(newSeconds, uint64(effectiveAt));
    }

    /// @notice Seconds for which a header that is posted now is pending.
    function windowSeconds() public view returns (uint256) {
        return _windowScheduled && block.timestamp >= _nextWindowAt ? _nextWindow : _window;
    }

    // ---- views

    /// @notice A header in the ring: posted, not voided, and not older than `RING_SIZE` epochs.
    /// @return headerHash 0 if there is none.
    function headerAt(uint64 epoch)
        external
        view
        returns (bytes32 headerHash, uint64 generation, uint64 finalisableAt, uint64 closedAt)
    {
        Head memory at = _head;
        if (epoch > at.lastPosted || epoch + RING_SIZE <= at.lastPosted) return (0, 0, 0, 0);
        RingSlot storage slot = _ring[epoch % RING_SIZE];
        return (slot.headerHash, slot.generation, slot.finalisableAt, slot.closedAt);
    }

    /// @notice Domain separator of attestations.
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // ---- internals

    function _checkJudges(Judges memory judges, ICreditEscrow escrow_, ICrawlLicense license_, uint64 window)
        private
        view
    {
        if (judges.log.usdc() != usdc) revert WrongJudge(address(judges.log));
        SettlementChallenges settlement = judges.settlement;
        if (settlement.usdc() != usdc || settlement.creditEscrow() != escrow_) revert WrongJudge(address(settlement));
        DemandChallenges demands_ = judges.demands;
        bool same = demands_.usdc() == usdc && demands_.creditEscrow() == escrow_ && demands_.licenses() == license_;
        if (!same || demands_.demandSeconds() >= window) revert WrongJudge(address(demands_));
        LostBonds bonds = judges.bonds;
        if (bonds.usdc() != usdc || bonds.creditEscrow() != escrow_ || bonds.licenses() != license_) {
            revert WrongJudge(address(bonds));
        }
    }

    /// @dev What claims are proven against.
    function _creditTree() private view returns (SumNode memory root, uint64 count, uint64 epoch) {
        // These stand in one slot, which is read once if they are read together.
        (root.sum, count, epoch) = (_finalised.credit, _finalised.licenseCount, _finalised.epoch);
        root.hash = _finalised.creditRoot;
    }

    /// @dev Pays a proven claim; 0 if there is none, or if it cannot be paid, which leaves everything as it was.
    function _tryClaim(uint256 licenseId, uint128 cumulative, uint64 epoch) private returns (uint128 amount) {
        uint128 before = claimed[licenseId];
        if (cumulative <= before) return 0;
        amount = cumulative - before;
        uint256 gasBefore = gasleft();
        try license.payoutOf(licenseId) returns (address payout) {
            claimed[licenseId] = cumulative;
            gasBefore = gasleft();
            try escrow.payClaim(licenseId, payout, amount) {
                emit Claimed(licenseId, payout, epoch, amount, cumulative);
                return amount;
            } catch {
                claimed[licenseId] = before;
            }
        } catch {}
        UsdcOut.checkGas(gasBefore);
        return 0;
    }

    function _checkHeader(EpochHeader calldata header, Head memory at, bytes32 prevHeaderHash) private pure {
        uint64 epoch = header.epoch;
        if (epoch != at.lastPosted + 1) revert NotNextEpoch(at.lastPosted + 1, epoch);
        if (epoch - at.lastFinalised >= RING_SIZE) revert RingFull();
        if (header.generation != at.generation) revert WrongGeneration(at.generation, header.generation);
        if (at.generation == LAST_GENERATION) revert GenerationsUsedUp();
        if (header.prevHeaderHash != prevHeaderHash) revert WrongPrevHeader(prevHeaderHash, header.prevHeaderHash);
    }

    function _checkBody(EpochBody calldata body, RingSlot storage prev, Head memory at) private view {
        uint64 closedAt = body.closedAt;
        if (closedAt < prev.closedAt || closedAt > block.timestamp) revert ClosedAtOutOfRange(closedAt);
        // Else headers that close long ago could be pending for ever, and crawlers wait for one that closes after their thaw.
        if (uint256(closedAt) + closedAtMaxAge < block.timestamp) revert ClosedAtOutOfRange(closedAt);
        uint64 logSize = body.logSize;
        if (logSize < prev.logSize) revert LogShrank(prev.logSize, logSize);
        if (logSize > MAX_COUNT) revert TooMany(logSize);
        uint128 total = body.totalCredit;
        if (total != body.totalDebit) revert TotalsDiffer(total, body.totalDebit);
        if (total < prev.totalCredit) revert TotalShrank(prev.totalCredit, total);
        _checkTree(body.licenseCount, body.creditRoot, total);
        _checkTree(body.crawlerCount, body.debitRoot, total);
        uint256 netDeposits = escrow.netDeposits();
        if (total > netDeposits) revert Insolvent(netDeposits, total);
        uint128 growth = total - at.credit;
        if (growth > at.bond) revert BondTooSmall(at.bond, growth);
    }

    /// @dev A tree without leaves has no root and no sum, one with leaves has a root: no challenge could show otherwise.
    /// A count fits its field.
    function _checkTree(uint64 count, bytes32 root, uint128 total) private pure {
        if (count > MAX_COUNT) revert TooMany(count);
        if ((count == 0) != (root == 0) || (count == 0 && total != 0)) revert EmptyTree(count, root);
    }

    /// @dev What no other judge knows is a demand, or nothing.
    function _judgeOf(bytes4 called) private view returns (address) {
        if (
            called == LedgerChallenges.challengePromise.selector
                || called == LedgerChallenges.challengeAttestations.selector
                || called == LedgerChallenges.challengeHeaders.selector
                || called == LedgerChallenges.challengeDuplicate.selector
                || called == LedgerChallenges.challengePairChain.selector
                || called == LedgerChallenges.challengeRewrite.selector
        ) return address(challenges);
        if (
            called == SettlementChallenges.challengePairLeaf.selector
                || called == SettlementChallenges.challengeMissingPair.selector
                || called == SettlementChallenges.challengeTrees.selector
                || called == SettlementChallenges.challengeSum.selector
                || called == SettlementChallenges.challengeOrder.selector
                || called == SettlementChallenges.challengeDecrease.selector
                || called == SettlementChallenges.challengeOverdraw.selector
                || called == SettlementChallenges.challengeThawed.selector
        ) return address(settlementChallenges);
        if (
            called == LostBonds.claimHarm.selector || called == LostBonds.closePot.selector
                || called == LostBonds.coverOverdraw.selector || called == LostBonds.sendOwed.selector
        ) return address(lostBonds);
        return address(demandChallenges);
    }
}
