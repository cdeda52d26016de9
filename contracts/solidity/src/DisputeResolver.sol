// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {IArbitrable} from "./interfaces/IArbiter.sol";
import {ICrawlLicense} from "./interfaces/ICrawlLicense.sol";
import {IDisputeHooks} from "./interfaces/IDisputeHooks.sol";
import {IUsdc} from "./interfaces/IUsdc.sol";
import {Payment} from "./lib/Types.sol";
import {UsdcOut} from "./lib/UsdcOut.sol";

/// @title Disputes on direct payments
/// @notice A crawler disputes payments inside their hold window. The publisher accepts (refund) or answers; the crawler
/// escalates; the arbiter rules. Whoever stays silent loses, and an arbiter that stays silent refunds, so that each
/// state has an exit that anyone may take.
/// Each side stakes a fee of the disputed amount, the crawler when it opens and the publisher when it answers. Who is
/// ruled against loses it to the arbiter; a crawler that is silent after an answer loses it to the publisher; in every
/// other end both fees return. This contract holds nothing but those fees.
/// @dev Open -> Answered -> Escalated -> Ruled -> Resolved; every state before Resolved may go there by time-out or by
/// acceptance (diagram in docs/contracts.md). Payments are kept as one hash; who resolves hands them in again.
contract DisputeResolver is IArbitrable, Ownable2Step, ReentrancyGuardTransient {
    using SafeCast for uint256;
    using SafeERC20 for IUsdc;
    using UsdcOut for IUsdc;

    enum State {
        None,
        Open,
        Answered,
        Escalated,
        Ruled,
        Resolved
    }

    struct Dispute {
        bytes32 paymentsHash;
        address crawler;
        uint64 deadline;
        State state;
        uint8 outcome;
        address arbiter;
        uint64 licenseId;
        address answerer;
        uint96 fee;
    }

    /// @notice Most payments that one dispute may name.
    uint256 public constant MAX_PAYMENTS = 256;
    /// @notice Each side's fee, in basis points of the disputed amount.
    uint256 public constant FEE_BPS = 1_000;
    uint256 private constant BPS = 10_000;

    uint8 public constant REFUNDED = 1;
    uint8 public constant RELEASED = 2;

    uint8 public constant CAUSE_ACCEPTED = 1;
    uint8 public constant CAUSE_NO_ANSWER = 2;
    uint8 public constant CAUSE_NOT_ESCALATED = 3;
    uint8 public constant CAUSE_RULED = 4;
    uint8 public constant CAUSE_NOT_RULED = 5;

    /// @notice The USDC contract of this chain.
    IUsdc public immutable usdc;
    /// @notice Where the payments are held.
    IDisputeHooks public immutable processor;
    /// @notice The licence registry.
    ICrawlLicense public immutable license;
    /// @notice Seconds the publisher has to answer.
    uint64 public immutable answerSeconds;
    /// @notice Seconds the crawler has to escalate after an answer.
    uint64 public immutable escalateSeconds;
    /// @notice Seconds the arbiter has to rule.
    uint64 public immutable ruleSeconds;

    /// @notice Rules on disputes that are opened from now on.
    address public arbiter;
    /// @notice Number of disputes; the last one's id.
    uint256 public disputeCount;
    /// @notice The disputes.
    mapping(uint256 disputeId => Dispute) public disputes;
    /// @notice Fees that could not be sent, because USDC refused their owner. They wait here.
    mapping(address account => uint256 amount) public feesOwed;

    event DisputeOpened(
        uint256 indexed disputeId,
        uint256 indexed licenseId,
        address indexed crawler,
        bytes32[] paymentIds,
        uint256 amount,
        bytes32 evidenceHash,
        string evidenceURI,
        uint64 answerBy
    );
    event DisputeAnswered(uint256 indexed disputeId, bytes32 evidenceHash, string evidenceURI, uint64 escalateBy);
    event DisputeEscalated(uint256 indexed disputeId, uint64 ruleBy);
    event DisputeResolved(uint256 indexed disputeId, uint8 outcome, uint8 cause);
    event ArbiterSet(address indexed arbiter);
    event FeeStaked(uint256 indexed disputeId, address indexed from, uint256 amount);
    /// @dev Sent, or waiting in `feesOwed`.
    event FeePaid(uint256 indexed disputeId, address indexed to, uint256 amount);
    event OwedFeesSent(address indexed to, uint256 amount);

    error ZeroAddress();
    error NotPayer(bytes32 paymentId);
    error NotPublisher(address caller);
    error NotCrawler(address caller);
    error NotArbiter(address caller);
    error BadPaymentCount(uint256 count);
    error WrongState(uint256 disputeId, State state);
    error TooLate(uint64 deadline);
    error TooEarly(uint64 deadline);
    error WrongPayments(uint256 disputeId);
    error UnknownRuling(uint256 ruling);
    error NothingOwed(address account);

    modifier onlyArbiter() {
        if (msg.sender != arbiter) revert NotArbiter(msg.sender);
        _;
    }

    constructor(
        address admin,
        IDisputeHooks processor_,
        ICrawlLicense license_,
        address arbiter_,
        uint64 answerSeconds_,
        uint64 escalateSeconds_,
        uint64 ruleSeconds_
    ) Ownable(admin) {
        processor = processor_;
        usdc = processor_.usdc();
        license = license_;
        answerSeconds = answerSeconds_;
        escalateSeconds = escalateSeconds_;
        ruleSeconds = ruleSeconds_;
        _setArbiter(arbiter_);
    }

    // ---- admin and arbiter

    /// @notice Changes who rules. Disputes that are open already keep their arbiter.
    function setArbiter(address arbiter_) external onlyOwner {
        _setArbiter(arbiter_);
    }

    /// @notice Stops new payments to a licence that abuses its crawlers; only the arbiter.
    function suspendLicense(uint256 licenseId) external onlyArbiter {
        license.suspend(licenseId);
    }

    /// @notice Ends a suspension; only the arbiter.
    function unsuspendLicense(uint256 licenseId) external onlyArbiter {
        license.unsuspend(licenseId);
    }

    // ---- the two parties

    /// @notice Disputes payments of the caller to one licence, all still inside their hold window. Takes the fee from
    /// the caller's allowance.
    /// @param payments 1 to 256 payments, as their `PaymentMade` events told them.
    /// @param evidenceHash hash of the evidence at `evidenceURI`, which must hold no personal data.
    function open(Payment[] calldata payments, bytes32 evidenceHash, string calldata evidenceURI)
        external
        nonReentrant
        returns (uint256 disputeId)
    {
        if (payments.length == 0 || payments.length > MAX_PAYMENTS) {
            revert BadPaymentCount(payments.length);
        }
        if (payments[0].payer != msg.sender) revert NotPayer(payments[0].paymentId);
        uint256 licenseId = payments[0].licenseId;
        disputeId = ++disputeCount;
        uint64 answerBy = uint64(block.timestamp) + answerSeconds;
        Dispute storage dispute = disputes[disputeId];
        dispute.paymentsHash = keccak256(abi.encode(payments));
        dispute.crawler = msg.sender;
        dispute.deadline = answerBy;
        dispute.state = State.Open;
        dispute.arbiter = arbiter;
        dispute.licenseId = licenseId.toUint64();
        uint256 amount = processor.hold(payments);
        uint256 fee = feeFor(amount);
        dispute.fee = fee.toUint96();
        emit DisputeOpened(
            disputeId, licenseId, msg.sender, _ids(payments), amount, evidenceHash, evidenceURI, answerBy
        );
        _stake(disputeId, fee);
    }

    /// @notice Refunds the crawler; only the publisher, at any time before the end.
    function accept(uint256 disputeId, Payment[] calldata payments) external nonReentrant {
        Dispute storage dispute = disputes[disputeId];
        State state = dispute.state;
        if (state == State.None || state == State.Ruled || state == State.Resolved) {
            revert WrongState(disputeId, state);
        }
        _onlyPublisher(dispute);
        _finish(disputeId, payments, REFUNDED, CAUSE_ACCEPTED);
    }

    /// @notice Answers with counter-evidence; only the publisher, in time. Takes the fee from the caller's allowance.
    function answer(uint256 disputeId, bytes32 evidenceHash, string calldata evidenceURI) external nonReentrant {
        Dispute storage dispute = _running(disputeId, State.Open);
        _onlyPublisher(dispute);
        uint64 escalateBy = uint64(block.timestamp) + escalateSeconds;
        dispute.state = State.Answered;
        dispute.deadline = escalateBy;
        dispute.answerer = msg.sender;
        emit DisputeAnswered(disputeId, evidenceHash, evidenceURI, escalateBy);
        _stake(disputeId, dispute.fee);
    }

    /// @notice Asks the arbiter; only the crawler, in time after an answer.
    function escalate(uint256 disputeId) external {
        Dispute storage dispute = _running(disputeId, State.Answered);
        if (msg.sender != dispute.crawler) revert NotCrawler(msg.sender);
        uint64 ruleBy = uint64(block.timestamp) + ruleSeconds;
        dispute.state = State.Escalated;
        dispute.deadline = ruleBy;
        emit DisputeEscalated(disputeId, ruleBy);
    }

    /// @inheritdoc IArbitrable
    /// @dev Money moves in `resolve`. A refusal to rule ends as silence would.
    function rule(uint256 disputeId, uint256 ruling) external {
        Dispute storage dispute = _running(disputeId, State.Escalated);
        if (msg.sender != dispute.arbiter) revert NotArbiter(msg.sender);
        if (ruling > RELEASED) revert UnknownRuling(ruling);
        dispute.state = State.Ruled;
        dispute.outcome = uint8(ruling);
        emit Ruling(msg.sender, disputeId, ruling);
    }

    /// @notice Ends a dispute that was ruled on or whose deadline has passed. Anyone.
    function resolve(uint256 disputeId, Payment[] calldata payments) external nonReentrant {
        Dispute storage dispute = disputes[disputeId];
        State state = dispute.state;
        if (state == State.Ruled) {
            uint8 outcome = dispute.outcome;
            if (outcome == 0) _finish(disputeId, payments, REFUNDED, CAUSE_NOT_RULED);
            else _finish(disputeId, payments, outcome, CAUSE_RULED);
            return;
        }
        if (state == State.None || state == State.Resolved) revert WrongState(disputeId, state);
        if (block.timestamp <= dispute.deadline) revert TooEarly(dispute.deadline);
        if (state == State.Open) _finish(disputeId, payments, REFUNDED, CAUSE_NO_ANSWER);
        else if (state == State.Answered) _finish(disputeId, payments, RELEASED, CAUSE_NOT_ESCALATED);
        else _finish(disputeId, payments, REFUNDED, CAUSE_NOT_RULED);
    }

    /// @notice Sends fees that USDC once refused to send. Anyone, to their owner only.
    function sendOwedFees(address account) external nonReentrant {
        uint256 amount = feesOwed[account];
        if (amount == 0) revert NothingOwed(account);
        feesOwed[account] = 0;
        emit OwedFeesSent(account, amount);
        usdc.safeTransfer(account, amount);
    }

    // ---- views

    /// @notice The fee that each side stakes on a dispute over an amount, rounded up.
    function feeFor(uint256 amount) public pure returns (uint256) {
        return (amount * FEE_BPS + BPS - 1) / BPS;
    }

    // ---- internals

    function _setArbiter(address arbiter_) private {
        if (arbiter_ == address(0)) revert ZeroAddress();
        arbiter = arbiter_;
        emit ArbiterSet(arbiter_);
    }

    function _running(uint256 disputeId, State wanted) private view returns (Dispute storage dispute) {
        dispute = disputes[disputeId];
        if (dispute.state != wanted) revert WrongState(disputeId, dispute.state);
        if (block.timestamp > dispute.deadline) revert TooLate(dispute.deadline);
    }

    function _onlyPublisher(Dispute storage dispute) private view {
        if (license.ownerOf(dispute.licenseId) != msg.sender) revert NotPublisher(msg.sender);
    }

    function _finish(uint256 disputeId, Payment[] calldata payments, uint8 outcome, uint8 cause) private {
        Dispute storage dispute = disputes[disputeId];
        if (dispute.paymentsHash != keccak256(abi.encode(payments))) revert WrongPayments(disputeId);
        dispute.state = State.Resolved;
        dispute.outcome = outcome;
        if (outcome == REFUNDED) processor.refund(payments);
        else processor.release(payments);
        emit DisputeResolved(disputeId, outcome, cause);
        _payFees(disputeId, dispute, outcome, cause);
    }

    /// @dev The fees of both sides: back to who staked them, unless there is a loser.
    function _payFees(uint256 disputeId, Dispute storage dispute, uint8 outcome, uint8 cause) private {
        address crawlersFeeTo = dispute.crawler;
        address answerersFeeTo = dispute.answerer;
        uint256 fee = dispute.fee;
        if (cause == CAUSE_RULED) {
            if (outcome == REFUNDED) answerersFeeTo = dispute.arbiter;
            else crawlersFeeTo = dispute.arbiter;
        } else if (cause == CAUSE_NOT_ESCALATED) {
            crawlersFeeTo = license.payoutOf(dispute.licenseId);
        }
        _payFee(disputeId, crawlersFeeTo, fee);
        if (answerersFeeTo != address(0)) _payFee(disputeId, answerersFeeTo, fee);
    }

    function _payFee(uint256 disputeId, address to, uint256 fee) private {
        emit FeePaid(disputeId, to, fee);
        if (!usdc.trySend(to, fee)) feesOwed[to] += fee;
    }

    function _stake(uint256 disputeId, uint256 fee) private {
        emit FeeStaked(disputeId, msg.sender, fee);
        usdc.safeTransferFrom(msg.sender, address(this), fee);
    }

    function _ids(Payment[] calldata payments) private pure returns (bytes32[] memory ids) {
        ids = new bytes32[](payments.length);
        for (uint256 i = 0; i < payments.length; ++i) {
            ids[i] = payments[i].paymentId;
        }
    }
}
