// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

import {ICrawlLicense} from "./interfaces/ICrawlLicense.sol";
import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {IUsdc} from "./interfaces/IUsdc.sol";
import {Committed, CrawlerProof, PairGap, PairLeaf, PairProof, SumNode} from "./lib/Types.sol";
import {SettlementProofs} from "./lib/SettlementProofs.sol";
import {SumTree} from "./lib/SumTree.sol";
import {UsdcOut} from "./lib/UsdcOut.sol";
import {Wire} from "./lib/Wire.sol";
import {ChallengeBase} from "./ChallengeBase.sol";
import {LedgerState} from "./LedgerState.sol";

/// @title What becomes of a lost bond
/// @notice The parties of a voided header claim their part of it for a while; what remains is insurance, which leaves
/// only to make up for what the pool lost to a debit that became final and was never deposited.
/// @dev Runs on the ledger's storage, as `LedgerChallenges` does.
contract LostBonds is ChallengeBase {
    using SafeERC20 for IUsdc;

    /// @notice All parties of a voided header together get at most this part of its pot.
    /// @dev A tenth of the bond. Whoever posted a lie may be the challenger and own all its pairs too, and still loses half.
    uint256 public constant HARM_DIVISOR = 6;

    /// @notice The escrow whose pool is insured.
    ICreditEscrow public immutable creditEscrow;
    /// @notice The registry that names payout addresses.
    ICrawlLicense public immutable licenses;
    /// @notice Seconds for which a voided header's parties may claim.
    uint64 public immutable potSeconds;

    event HarmPaid(
        bytes32 indexed headerHash,
        address indexed crawler,
        uint256 indexed licenseId,
        uint256 crawlerAmount,
        uint256 licenseAmount
    );
    event PotClosed(bytes32 indexed headerHash, uint256 remainder);
    event OverdrawCovered(address indexed crawler, uint256 amount, uint256 insurance);
    event OwedSent(address indexed account, uint256 amount);

    error NoPot(bytes32 headerHash);
    error PotOver(uint256 closesAt);
    error PotStillOpen(uint256 closesAt);
    error AlreadyPaid(bytes32 headerHash, address crawler, uint256 licenseId);
    error NothingGrew(address crawler, uint256 licenseId);
    error NothingToCover(address crawler);
    error NothingOwed(address account);

    constructor(IUsdc usdc_, ICreditEscrow creditEscrow_, ICrawlLicense licenses_, uint64 potSeconds_)
        Ownable(address(this))
        LedgerState(0, 0, usdc_)
    {
        creditEscrow = creditEscrow_;
        licenses = licenses_;
        potSeconds = potSeconds_;
    }

    // ---- the pot of a voided header

    /// @notice Pays one pair of a voided header its part of the pot, pro rata of what it grew by: half to the crawler, half
    /// to the licence's payout address. Anyone, once per pair.
    /// @param predecessor the header before the voided one; not looked at if that was the first of all.
    /// @param pair the pair in the voided header's credit tree.
    /// @param before the same in the predecessor's; if its cumulative is 0, `gap` is looked at instead.
    function claimHarm(
        Committed calldata voided,
        Committed calldata predecessor,
        PairProof calldata pair,
        PairProof calldata before,
        PairGap calldata gap
    ) external nonReentrant {
        bytes32 headerHash = Wire.hashStruct(voided.header);
        if (Wire.hashStruct(voided.body) != voided.header.bodyHash) revert WrongBody();
        uint256 closesAt = _closesAt(headerHash);
        if (block.timestamp > closesAt) revert PotOver(closesAt);
        if (!SettlementProofs.hasPair(SettlementProofs.treeOf(voided.body, false), pair)) revert BadProof();
        (uint256 cumulative, uint256 total) = (pair.pair.cumulative, voided.body.totalCredit);
        if (voided.header.prevHeaderHash != Wire.deploymentId(block.chainid, address(this))) {
            _checkPredecessor(voided, predecessor);
            uint256 earlier = _cumulativeBefore(predecessor, pair.pair, before, gap);
            cumulative = cumulative > earlier ? cumulative - earlier : 0;
            total -= predecessor.body.totalCredit;
        }
        _payHarm(headerHash, pair.pair, _share(pots[headerHash], cumulative, total));
    }

    /// @notice Ends the time for claims: what remains is insurance. Anyone.
    function closePot(bytes32 headerHash) external nonReentrant {
        uint256 closesAt = _closesAt(headerHash);
        if (block.timestamp <= closesAt) revert PotStillOpen(closesAt);
        Pot memory pot = pots[headerHash];
        uint128 remainder = pot.amount - pot.paid;
        delete pots[headerHash];
        insurance += remainder;
        emit PotClosed(headerHash, remainder);
    }

    // ---- insurance and what waits

    /// @notice Pays out of the insurance what a crawler is finally billed beyond its deposits, as a deposit of that crawler.
    /// It can't be withdrawn, since all of it is billed; it gives the pool what it lacks for everybody's claims and
    /// withdrawals. Anyone.
    /// @param proof the crawler's leaf in the last finalised debit tree.
    function coverOverdraw(CrawlerProof calldata proof) external nonReentrant returns (uint256 amount) {
        SumNode memory root = SumNode(_finalised.debitRoot, _finalised.credit);
        if (!SumTree.verify(root, _finalised.crawlerCount, Wire.leafNode(proof.leaf), proof.index, proof.path)) {
            revert BadProof();
        }
        address crawler = proof.leaf.crawler;
        (uint128 deposited, uint128 withdrawn) = creditEscrow.accountAt(crawler, uint64(block.timestamp));
        uint256 owing = uint256(proof.leaf.cumulative) + withdrawn;
        amount = owing > deposited ? owing - deposited : 0;
        if (amount > insurance) amount = insurance;
        if (amount == 0) revert NothingToCover(crawler);
        insurance -= uint128(amount);
        emit OverdrawCovered(crawler, amount, insurance);
        usdc.forceApprove(address(creditEscrow), amount);
        creditEscrow.coverOverdraw(crawler, amount);
    }

    /// @notice Sends an account what USDC refused to send it before. Anyone.
    function sendOwed(address account) external nonReentrant {
        uint256 amount = owed[account];
        if (amount == 0) revert NothingOwed(account);
        owed[account] = 0;
        emit OwedSent(account, amount);
        usdc.safeTransfer(account, amount);
    }

    // ---- internals

    function _closesAt(bytes32 headerHash) private view returns (uint256) {
        uint40 openedAt = pots[headerHash].openedAt;
        if (openedAt == 0) revert NoPot(headerHash);
        return uint256(openedAt) + potSeconds;
    }

    function _cumulativeBefore(
        Committed calldata predecessor,
        PairLeaf calldata pair,
        PairProof calldata before,
        PairGap calldata gap
    ) private pure returns (uint256) {
        SettlementProofs.Tree memory tree = SettlementProofs.treeOf(predecessor.body, false);
        bool proven = before.pair.cumulative == 0
            ? SettlementProofs.lacksPair(tree, pair.crawler, pair.licenseId, gap)
            : before.pair.crawler == pair.crawler && before.pair.licenseId == pair.licenseId
                && SettlementProofs.hasPair(tree, before);
        if (!proven) revert BadProof();
        return before.pair.cumulative;
    }

    /// @dev In a tree that lies pairs may grow by more than the total does: whoever comes late gets less.
    function _share(Pot memory pot, uint256 growth, uint256 total) private pure returns (uint256 share) {
        uint256 limit = pot.amount / HARM_DIVISOR;
        if (limit > total) limit = total;
        share = total == 0 ? 0 : limit * growth / total;
        if (share > limit - pot.paid) share = limit - pot.paid;
    }

    function _payHarm(bytes32 headerHash, PairLeaf calldata pair, uint256 share) private {
        if (share == 0) revert NothingGrew(pair.crawler, pair.licenseId);
        bytes32 key = keccak256(abi.encode(headerHash, pair.crawler, pair.licenseId));
        if (harmPaid[key]) revert AlreadyPaid(headerHash, pair.crawler, pair.licenseId);
        harmPaid[key] = true;
        (address payout, uint256 licenseAmount) = (_payoutOf(pair.licenseId), share - share / 2);
        // A licence that was made up has nobody to pay.
        if (payout == address(0)) licenseAmount = 0;
        uint256 crawlerAmount = share / 2;
        pots[headerHash].paid += uint88(crawlerAmount + licenseAmount);
        emit HarmPaid(headerHash, pair.crawler, pair.licenseId, crawlerAmount, licenseAmount);
        _pay(pair.crawler, crawlerAmount);
        _pay(payout, licenseAmount);
    }

    function _payoutOf(uint256 licenseId) private view returns (address) {
        uint256 gasBefore = gasleft();
        try licenses.payoutOf(licenseId) returns (address payout) {
            return payout;
        } catch {
            UsdcOut.checkGas(gasBefore);
            return address(0);
        }
    }
}
