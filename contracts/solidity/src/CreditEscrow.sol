// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ICreditEscrow} from "./interfaces/ICreditEscrow.sol";
import {IDebitLedger} from "./interfaces/IDebitLedger.sol";
import {ILedgerHead} from "./interfaces/ILedgerHead.sol";
import {IUsdc} from "./interfaces/IUsdc.sol";
import {CrawlerProof, SignerGrant} from "./lib/Types.sol";
import {Account} from "./lib/AccountLib.sol";
import {Ecdsa} from "./lib/Ecdsa.sol";
import {Totals} from "./lib/TotalsLib.sol";
import {Wire} from "./lib/Wire.sol";

/// @title Crawlers' credits
/// @notice Pools the deposits of all crawlers. Publishers are paid out of it against proven claims, crawlers get back
/// what a finalised header does not bill them. No one else can move a deposit.
/// @dev deposited - withdrawn - claimed <= USDC held, always; see `solvent`.
contract CreditEscrow is ICreditEscrow, EIP712, Ownable2Step, ReentrancyGuardTransient {
    using SafeERC20 for IUsdc;
    using SafeCast for uint256;

    struct Thaw {
        uint128 amount;
        uint64 requestedAt;
        uint64 endsAt;
    }

    /// @dev A thaw that was replaced, cancelled or withdrawn at `to`; one slot.
    struct PastThaw {
        uint128 amount;
        uint64 from;
        uint64 to;
    }

    /// @notice `revokedAt` 0: not revoked. Valid at t if validFrom <= t < expiry and, once revoked, t < revokedAt.
    struct SignerRecord {
        uint64 validFrom;
        uint64 expiry;
        uint64 revokedAt;
    }

    /// @dev An account counts its older states in 40 bits.
    uint256 private constant HISTORY = 1 << 40;

    /// @notice The USDC contract of this chain.
    IUsdc public immutable usdc;
    /// @notice Seconds from a thaw request until it can be withdrawn.
    uint64 public immutable thawSeconds;
    /// @inheritdoc ICreditEscrow
    /// @dev 14 days.
    uint64 public immutable fallbackSeconds;
    /// @notice Seconds until a revocation takes effect.
    uint64 public immutable revokeDelay;

    Totals private _totals;
    /// @notice The metering ledger. Set once.
    IDebitLedger public ledger;
    /// @notice A crawler's running thaw.
    mapping(address crawler => Thaw) public thaws;
    /// @notice Signer records; never deleted.
    mapping(address crawler => mapping(address signer => SignerRecord)) public signers;

    /// @dev At 0 what an account is; from 1 on what it was at the end of each second in which it changed, but for the last
    /// one. Never deleted.
    mapping(address crawler => Account[HISTORY]) private _states;
    /// @inheritdoc ICreditEscrow
    mapping(address crawler => uint64) public fallbackAt;
    mapping(address crawler => PastThaw[]) private _pastThaws;

    event Paused(address account);
    event Unpaused(address account);
    event Deposited(address indexed crawler, address from, uint256 amount);
    event ThawStarted(address indexed crawler, uint256 amount, uint64 thawEndsAt);
    event ThawCancelled(address indexed crawler);
    event CreditWithdrawn(address indexed crawler, address indexed to, uint256 amount, uint256 totalWithdrawn);
    event SignerRegistered(address indexed crawler, address indexed signer, uint64 validFrom, uint64 expiry);
    event SignerRevoked(address indexed crawler, address indexed signer, uint64 revokedAt);
    event ClaimPaid(uint256 indexed licenseId, address indexed payout, uint256 amount);

    error EnforcedPause();
    error ExpectedPause();
    error ZeroAddress();
    error ZeroAmount();
    error AlreadySet();
    error NotLedger(address caller);
    error AuthorizationAlreadyUsed(address from, bytes32 nonce);
    error ThawTooLarge(uint256 amount, uint256 balance);
    error NoThaw(address crawler);
    error StillThawing(uint64 endsAt);
    error NoFinalisedHeaderYet(uint64 billableUntil, uint64 closedAt);
    error HeaderPending();
    error NothingToWithdraw(address crawler);
    error SignerKnown(address crawler, address signer);
    error SignerUnknown(address crawler, address signer);
    error SignerAlreadyRevoked(address crawler, address signer);
    error BadSignerGrant(address signer);
    error GrantExpired(uint64 expiry);
    error Insolvent(uint256 owed, uint256 amount);

    /// @param fallbackSeconds_ 14 days in production.
    /// @param revokeDelay_ longer than the pending window and two epochs.
    constructor(address admin, IUsdc usdc_, uint64 thawSeconds_, uint64 fallbackSeconds_, uint64 revokeDelay_)
        EIP712("Tachi Credit", "1")
        Ownable(admin)
    {
        usdc = usdc_;
        thawSeconds = thawSeconds_;
        fallbackSeconds = fallbackSeconds_;
        revokeDelay = revokeDelay_;
    }

    // ---- admin

    /// @notice Names the metering ledger, once and for all.
    function setLedger(IDebitLedger ledger_) external onlyOwner {
        if (address(ledger) != address(0)) revert AlreadySet();
        if (address(ledger_) == address(0)) revert ZeroAddress();
        ledger = ledger_;
    }

    /// @notice Stops new deposits. Withdrawals and claims go on.
    function pause() external onlyOwner {
        if (paused()) revert EnforcedPause();
        _totals = _totals.withPaused(true);
        emit Paused(msg.sender);
    }

    /// @notice Takes new deposits again.
    function unpause() external onlyOwner {
        if (!paused()) revert ExpectedPause();
        _totals = _totals.withPaused(false);
        emit Unpaused(msg.sender);
    }

    // ---- money in

    /// @notice Deposits for a crawler from the caller's allowance.
    function deposit(address crawler, uint256 amount) external nonReentrantView {
        _pull(crawler, amount, false);
    }

    /// @notice Deposits with the caller's EIP-2612 permit. A permit that was front-run is no obstacle.
    function depositWithPermit(address crawler, uint256 amount, uint256 deadline, uint8 v, bytes32 r, bytes32 s)
        external
        nonReentrantView
    {
        // Whoever used the permit first has set the same allowance; if there is none, the transfer below fails.
        try usdc.permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _pull(crawler, amount, false);
    }

    /// @notice Deposits by the crawler's EIP-3009 `receiveWithAuthorization`; packed signature or EIP-1271. Anyone may
    /// hand it in: the deposit always belongs to the signer.
    function depositWithAuthorization(
        address crawler,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external {
        _credit(crawler, crawler, amount, false);
        try usdc.receiveWithAuthorization(crawler, address(this), amount, validAfter, validBefore, nonce, signature) {}
        catch (bytes memory reason) {
            _authorizationFailed(crawler, nonce, reason);
        }
    }

    /// @notice As above, with the signature as v, r, s.
    function depositWithAuthorization(
        address crawler,
        uint256 amount,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        _credit(crawler, crawler, amount, false);
        try usdc.receiveWithAuthorization(crawler, address(this), amount, validAfter, validBefore, nonce, v, r, s) {}
        catch (bytes memory reason) {
            _authorizationFailed(crawler, nonce, reason);
        }
    }

    // ---- money out

    /// @notice Starts to thaw `amount` of the caller's credit, which stops counting at once. Replaces a running thaw.
    function requestThaw(uint128 amount) external {
        if (amount == 0) revert ZeroAmount();
        Account account = _states[msg.sender][0];
        uint128 balance = uint128(account.deposited() - account.withdrawn());
        if (amount > balance) revert ThawTooLarge(amount, balance);
        uint64 endsAt = uint64(block.timestamp) + thawSeconds;
        _endThaw(msg.sender);
        thaws[msg.sender] = Thaw(amount, uint64(block.timestamp), endsAt);
        emit ThawStarted(msg.sender, amount, endsAt);
    }

    /// @notice Stops the caller's thaw.
    function cancelThaw() external {
        if (thaws[msg.sender].amount == 0) revert NoThaw(msg.sender);
        _endThaw(msg.sender);
        emit ThawCancelled(msg.sender);
    }

    /// @notice Pays min(thawed, deposits - withdrawn - billed) to `to`, by the last finalised header. It must have closed
    /// in the second half of the thaw or later; after `fallbackSeconds` an older one will do, if no header is pending.
    /// @param proofs the caller's leaf in the debit tree, or the neighbours that prove its absence.
    function withdraw(address to, CrawlerProof[] calldata proofs) external nonReentrant returns (uint128 amount) {
        Thaw memory thaw = thaws[msg.sender];
        if (thaw.amount == 0) revert NoThaw(msg.sender);
        if (block.timestamp < thaw.endsAt) revert StillThawing(thaw.endsAt);
        (uint128 debit, uint64 closedAt) = ledger.finalisedDebit(msg.sender, proofs);
        if (closedAt <= _billableUntil(thaw.requestedAt)) _checkFallback(thaw.requestedAt, closedAt);
        Account account = _states[msg.sender][0];
        uint128 balance = uint128(account.deposited() - account.withdrawn());
        amount = debit >= balance ? 0 : balance - debit;
        if (amount > thaw.amount) amount = thaw.amount;
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        _endThaw(msg.sender);
        uint256 withdrawn = account.withdrawn() + amount;
        _change(_states[msg.sender], account, 0, amount);
        _totals = _totals.addWithdrawn(amount);
        emit CreditWithdrawn(msg.sender, to, amount, withdrawn);
        usdc.safeTransfer(to, amount);
    }

    /// @inheritdoc ICreditEscrow
    /// @dev Not stopped by a pause: it pays for what is claimed and withdrawn.
    function coverOverdraw(address crawler, uint256 amount) external nonReentrant {
        if (msg.sender != address(ledger)) revert NotLedger(msg.sender);
        _pull(crawler, amount, true);
    }

    /// @inheritdoc ICreditEscrow
    function payClaim(uint256 licenseId, address payout, uint128 amount) external nonReentrantView {
        if (msg.sender != address(ledger)) revert NotLedger(msg.sender);
        Totals totals = _totals;
        uint256 available = totals.owed();
        if (amount > available) revert Insolvent(available, amount);
        _totals = totals.addClaimed(amount);
        emit ClaimPaid(licenseId, payout, amount);
        usdc.safeTransfer(payout, amount);
    }

    // ---- voucher signers

    /// @notice Lets `signer` sign the caller's vouchers. A record is for ever: a new term needs a new key.
    /// @param signature the signer's own, over `SignerGrant(caller, signer, expiry)`; 65 bytes.
    function registerSigner(address signer, uint64 expiry, bytes calldata signature) external {
        if (expiry <= block.timestamp) revert GrantExpired(expiry);
        SignerRecord storage record = signers[msg.sender][signer];
        if (record.validFrom != 0) revert SignerKnown(msg.sender, signer);
        bytes32 digest = _hashTypedDataV4(Wire.hashStruct(SignerGrant(msg.sender, signer, expiry)));
        if (signer == address(0) || Ecdsa.recover65(digest, signature) != signer) revert BadSignerGrant(signer);
        record.validFrom = uint64(block.timestamp);
        record.expiry = expiry;
        emit SignerRegistered(msg.sender, signer, uint64(block.timestamp), expiry);
    }

    /// @notice Ends a signer's right after `revokeDelay`, so that vouchers given in good faith still count.
    function revokeSigner(address signer) external {
        SignerRecord storage record = signers[msg.sender][signer];
        if (record.validFrom == 0) revert SignerUnknown(msg.sender, signer);
        if (record.revokedAt != 0) revert SignerAlreadyRevoked(msg.sender, signer);
        uint64 revokedAt = uint64(block.timestamp) + revokeDelay;
        record.revokedAt = revokedAt;
        emit SignerRevoked(msg.sender, signer, revokedAt);
    }

    // ---- views

    /// @notice Sums of all deposits, withdrawals and claims since the first one.
    function sums() external view returns (uint256 deposited, uint256 withdrawn, uint256 claimed) {
        Totals totals = _totals;
        return (totals.deposited(), totals.withdrawn(), totals.claimed());
    }

    /// @notice Whether deposits are stopped.
    function paused() public view returns (bool) {
        return _totals.paused();
    }

    /// @inheritdoc ICreditEscrow
    function isSignerAt(address crawler, address signer, uint64 at) external view returns (bool) {
        if (signer == crawler) return true;
        SignerRecord memory record = signers[crawler][signer];
        if (record.validFrom == 0 || at < record.validFrom || at >= record.expiry) return false;
        return record.revokedAt == 0 || at < record.revokedAt;
    }

    /// @notice A crawler's deposits and withdrawals since the first one.
    function accounts(address crawler) external view returns (uint128 deposited, uint128 withdrawn) {
        Account account = _states[crawler][0];
        return (uint128(account.deposited()), uint128(account.withdrawn()));
    }

    /// @inheritdoc ICreditEscrow
    function accountAt(address crawler, uint64 at) external view returns (uint128 deposited, uint128 withdrawn) {
        Account[HISTORY] storage states = _states[crawler];
        Account account = states[0];
        if (account.changedAt() > at) {
            // Ends with `low` at the last one that is old enough, or at 0.
            (uint256 low, uint256 high) = (0, account.pastCount());
            while (low < high) {
                uint256 middle = (low + high + 1) / 2;
                if (states[middle].changedAt() > at) high = middle - 1;
                else low = middle;
            }
            if (low == 0) return (0, 0);
            account = states[low];
        }
        return (uint128(account.deposited()), uint128(account.withdrawn()));
    }

    /// @inheritdoc ICreditEscrow
    function thawAt(address crawler, uint64 at) external view returns (uint128 amount, uint64 billableUntil) {
        Thaw memory thaw = thaws[crawler];
        if (thaw.amount != 0 && thaw.requestedAt <= at) return (thaw.amount, _billableUntil(thaw.requestedAt));
        PastThaw[] storage past = _pastThaws[crawler];
        // Ends with `low` behind the last one that had begun.
        (uint256 low, uint256 high) = (0, past.length);
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (past[middle].from > at) high = middle;
            else low = middle + 1;
        }
        if (low == 0 || past[low - 1].to <= at) return (0, 0);
        return (past[low - 1].amount, _billableUntil(past[low - 1].from));
    }

    /// @inheritdoc ICreditEscrow
    function netDeposits() external view returns (uint256) {
        Totals totals = _totals;
        return totals.deposited() - totals.withdrawn();
    }

    /// @notice What the pool owes to crawlers and publishers together.
    function owed() public view returns (uint256) {
        return _totals.owed();
    }

    /// @notice Whether the pool holds what it owes.
    function solvent() external view returns (bool) {
        return usdc.balanceOf(address(this)) >= owed();
    }

    /// @inheritdoc ICreditEscrow
    /// @dev Of signer grants too.
    function domainSeparator() external view returns (bytes32) {
        return _domainSeparatorV4();
    }

    // ---- internals

    function _pull(address crawler, uint256 amount, bool evenPaused) private {
        if (crawler == address(0)) revert ZeroAddress();
        _credit(crawler, msg.sender, amount, evenPaused);
        usdc.safeTransferFrom(msg.sender, address(this), amount);
    }

    function _credit(address crawler, address from, uint256 amount, bool evenPaused) private {
        Totals totals = _totals;
        if (totals.paused() && !evenPaused) revert EnforcedPause();
        if (amount == 0) revert ZeroAmount();
        // The sum of all accounts has 80 bits, so an account's 88 are enough.
        _totals = totals.addDeposited(amount);
        Account[HISTORY] storage states = _states[crawler];
        Account account = states[0];
        _change(states, account, amount, 0);
        emit Deposited(crawler, from, amount);
    }

    /// @dev Keeps what the account was, unless that is of this second too.
    function _change(Account[HISTORY] storage states, Account before, uint256 deposit_, uint256 withdrawal) private {
        uint256 pastCount = before.pastCount();
        uint256 changedAt = before.changedAt();
        if (changedAt != block.timestamp && changedAt != 0) {
            unchecked {
                states[++pastCount] = before;
            }
        }
        states[0] = before.changed(deposit_, withdrawal, block.timestamp, pastCount);
    }

    /// @dev Keeps what was thawing, unless that began in this second too.
    function _endThaw(address crawler) private {
        Thaw memory thaw = thaws[crawler];
        if (thaw.amount == 0) return;
        delete thaws[crawler];
        if (thaw.requestedAt == block.timestamp) return;
        _pastThaws[crawler].push(PastThaw(thaw.amount, thaw.requestedAt, uint64(block.timestamp)));
    }

    /// @dev What is used before the operator has seen the thaw is billed by a header that closes in its first half, or by the
    /// first one after. Later headers may not bill what thaws.
    function _billableUntil(uint64 requestedAt) private view returns (uint64) {
        return requestedAt + thawSeconds / 2;
    }

    /// @dev The way out if the operator is gone. A header that is not final by then is judged by what was withdrawn here,
    /// whenever it says that it closed. A pending header is waited for, but for half as long again: else a quorum that
    /// voids its own headers, one after the other, could keep everybody's credit for ever.
    function _checkFallback(uint64 requestedAt, uint64 closedAt) private {
        if (block.timestamp < uint256(requestedAt) + fallbackSeconds) {
            revert NoFinalisedHeaderYet(_billableUntil(requestedAt), closedAt);
        }
        if (block.timestamp < uint256(requestedAt) + fallbackSeconds + fallbackSeconds / 2) {
            (uint64 lastPosted, uint64 lastFinalised,) = ILedgerHead(address(ledger)).head();
            if (lastPosted != lastFinalised) revert HeaderPending();
        }
        fallbackAt[msg.sender] = uint64(block.timestamp);
    }

    function _authorizationFailed(address from, bytes32 nonce, bytes memory reason) private view {
        if (usdc.authorizationState(from, nonce)) revert AuthorizationAlreadyUsed(from, nonce);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }
}
