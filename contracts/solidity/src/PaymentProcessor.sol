// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ICrawlLicense} from "./interfaces/ICrawlLicense.sol";
import {IDisputeHooks} from "./interfaces/IDisputeHooks.sol";
import {IPaymentAccounts} from "./interfaces/IPaymentAccounts.sol";
import {IUsdc} from "./interfaces/IUsdc.sol";
import {Held, HoldBuckets} from "./lib/HoldBuckets.sol";
import {Payment} from "./lib/Types.sol";
import {UsdcOut} from "./lib/UsdcOut.sol";
import {Wire} from "./lib/Wire.sol";
import {Vault} from "./Vault.sol";

/// @title Direct payments
/// @notice Payments per request, each into the vault of one licence. A payment can be disputed until its bucket
/// matures; then anyone may send it on to the licence's payout address. What reaches a vault in any other way is
/// external: it is swept to the payout address and carries no right of dispute.
/// @dev Money stays in vaults until it leaves; this contract holds only collected fees.
/// For every licence: balance(vault) >= attributed = the account's buckets + held payments + refunds owed.
/// A payment writes two slots: its own, and the licence's account, which exists since the licence was minted.
contract PaymentProcessor is IDisputeHooks, IPaymentAccounts, Ownable2Step, Pausable, ReentrancyGuardTransient {
    using SafeERC20 for IUsdc;
    using UsdcOut for IUsdc;
    using HoldBuckets for uint256;
    using HoldBuckets for Held;

    /// @notice One EIP-3009 authorisation to a licence's vault.
    struct Authorization {
        uint256 licenseId;
        address from;
        uint256 value;
        uint256 validAfter;
        uint256 validBefore;
        bytes32 nonce;
        bytes signature;
    }

    /// @notice Highest protocol fee there can ever be, in basis points.
    uint16 public constant MAX_FEE_BPS = 500;
    uint256 private constant BPS = 10_000;
    uint8 private constant METHOD_PAY = 1;
    uint8 private constant METHOD_AUTHORIZATION = 2;

    /// @dev Gas that a batch must have for each of its authorisations, so that none fails for a lack of it.
    uint256 private constant SETTLEMENT_GAS = 200_000;

    /// @dev An account's status; 0 if the registry never spoke of the licence.
    uint8 private constant CLOSED = 1;
    uint8 private constant OPEN = 2;

    uint8 private constant PAID = 1;
    uint8 private constant HELD = 2;
    uint8 private constant RELEASED = 3;
    uint8 private constant REFUNDED = 4;

    /// @inheritdoc IDisputeHooks
    IUsdc public immutable usdc;
    /// @notice The licence registry.
    ICrawlLicense public immutable license;
    /// @notice Length of a bucket, seconds.
    uint64 public immutable bucketSeconds;
    /// @notice Seconds after a bucket's end in which its payments can still be disputed: two buckets.
    uint64 public immutable holdSeconds;
    /// @notice Seconds from the announcement of a higher fee until it is taken.
    uint64 public immutable feeDelay;
    /// @notice Hash of the vaults' init code.
    bytes32 public immutable vaultInitCodeHash;

    /// @notice The dispute resolver. Set once.
    address public resolver;
    /// @notice Receives collected fees.
    address public feeRecipient;
    uint16 private _feeBps;
    uint16 private _nextFeeBps;
    uint64 private _nextFeeAt;

    /// @dev `Held`, packed.
    mapping(uint256 licenseId => uint256) private _accounts;
    /// @dev Held payments and refunds owed.
    mapping(uint256 licenseId => uint256) private _locked;
    /// @dev Hash of payer, licence, amount and time, its lowest byte replaced by the state; 0 if unknown.
    mapping(bytes32 paymentId => uint256) private _payments;
    /// @notice Refunds that could not be sent, because USDC refused the payer. They wait in the vault.
    mapping(uint256 licenseId => mapping(address payer => uint256 amount)) public refundOwed;

    event PaymentMade(
        bytes32 indexed paymentId,
        uint256 indexed licenseId,
        address indexed payer,
        uint256 amount,
        bytes32 nonce,
        uint8 method,
        uint64 paidAt
    );
    event PaymentHeld(bytes32 indexed paymentId);
    event PaymentReleased(bytes32 indexed paymentId);
    event PaymentRefunded(bytes32 indexed paymentId, address indexed payer, uint256 amount);
    event Withdrawn(uint256 indexed licenseId, address indexed payout, uint256 amount, uint256 fee);
    event Swept(uint256 indexed licenseId, address indexed payout, uint256 amount, uint256 fee);
    event VaultDeployed(uint256 indexed licenseId, address vault);
    event FeeScheduled(uint16 feeBps, uint64 effectiveAt);
    event FeesCollected(address indexed to, uint256 amount);
    event FeeRecipientSet(address indexed feeRecipient);

    error ZeroAddress();
    error ZeroAmount();
    error AlreadySet();
    error NotResolver(address caller);
    error NotPayable(uint256 licenseId);
    error PaymentExists(bytes32 paymentId);
    error AuthorizationAlreadyUsed(address from, bytes32 nonce);
    error PaymentMismatch(bytes32 paymentId);
    error PaymentsMixed(bytes32 paymentId);
    error HoldWindowOver(bytes32 paymentId);
    error NothingToPay(uint256 licenseId);
    error FeeTooHigh(uint16 feeBps);
    error BadHold(uint64 bucketSeconds, uint64 holdSeconds);

    modifier onlyResolver() {
        if (msg.sender != resolver) revert NotResolver(msg.sender);
        _;
    }

    /// @param bucketSeconds_ one day in production.
    /// @param holdSeconds_ the hold window behind a bucket's end: two buckets.
    /// @param feeBps_ first protocol fee, at most `MAX_FEE_BPS`.
    constructor(
        address admin,
        IUsdc usdc_,
        ICrawlLicense license_,
        address feeRecipient_,
        uint16 feeBps_,
        uint64 feeDelay_,
        uint64 bucketSeconds_,
        uint64 holdSeconds_
    ) Ownable(admin) {
        if (feeRecipient_ == address(0)) revert ZeroAddress();
        if (bucketSeconds_ == 0 || holdSeconds_ != HoldBuckets.HELD_BUCKETS * bucketSeconds_) {
            revert BadHold(bucketSeconds_, holdSeconds_);
        }
        if (feeBps_ > MAX_FEE_BPS) revert FeeTooHigh(feeBps_);
        usdc = usdc_;
        license = license_;
        feeRecipient = feeRecipient_;
        _feeBps = feeBps_;
        feeDelay = feeDelay_;
        bucketSeconds = bucketSeconds_;
        holdSeconds = holdSeconds_;
        vaultInitCodeHash = keccak256(type(Vault).creationCode);
        emit FeeRecipientSet(feeRecipient_);
        emit FeeScheduled(feeBps_, uint64(block.timestamp));
    }

    // ---- admin

    /// @notice Names the dispute resolver, once and for all.
    function setResolver(address resolver_) external onlyOwner {
        if (resolver != address(0)) revert AlreadySet();
        if (resolver_ == address(0)) revert ZeroAddress();
        resolver = resolver_;
    }

    /// @notice Changes who receives the fees.
    function setFeeRecipient(address feeRecipient_) external onlyOwner {
        if (feeRecipient_ == address(0)) revert ZeroAddress();
        feeRecipient = feeRecipient_;
        emit FeeRecipientSet(feeRecipient_);
    }

    /// @notice Lowers the fee at once, or raises it after `feeDelay`. It is taken when money leaves a vault.
    function scheduleFee(uint16 newFeeBps) external onlyOwner {
        if (newFeeBps > MAX_FEE_BPS) revert FeeTooHigh(newFeeBps);
        uint16 current = feeBps();
        uint64 effectiveAt = uint64(block.timestamp) + (newFeeBps > current ? feeDelay : 0);
        _feeBps = current;
        _nextFeeBps = newFeeBps;
        _nextFeeAt = effectiveAt;
        emit FeeScheduled(newFeeBps, effectiveAt);
    }

    /// @notice Stops new payments. Withdrawals, sweeps and refunds go on.
    function pause() external onlyOwner {
        _pause();
    }

    /// @notice Takes new payments again.
    function unpause() external onlyOwner {
        _unpause();
    }

    // ---- paying

    /// @notice Pays a licence from the caller's allowance.
    /// @param nonce chosen by the payer, once per payment.
    function pay(uint256 licenseId, uint256 amount, bytes32 nonce)
        external
        whenNotPaused
        nonReentrant
        returns (bytes32 paymentId)
    {
        paymentId = Wire.paymentId(block.chainid, address(this), msg.sender, nonce);
        if (_payments[paymentId] != 0) revert PaymentExists(paymentId);
        _record(paymentId, licenseId, msg.sender, amount, nonce, METHOD_PAY);
        usdc.safeTransferFrom(msg.sender, vaultOf(licenseId), amount);
    }

    /// @notice Settles an EIP-3009 `transferWithAuthorization` to a licence's vault; packed signature or EIP-1271.
    /// @dev Attributes what the vault receives inside this call: USDC moves exactly `value` or reverts. Reverts
    /// `AuthorizationAlreadyUsed` if the authorisation was settled before, here or straight at USDC.
    function settleAuthorization(
        uint256 licenseId,
        address from,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external whenNotPaused nonReentrant returns (bytes32 paymentId) {
        paymentId = _recordAuthorization(licenseId, from, value, nonce);
        address vault = vaultOf(licenseId);
        try usdc.transferWithAuthorization(from, vault, value, validAfter, validBefore, nonce, signature) {}
        catch (bytes memory reason) {
            _settlementFailed(from, nonce, reason);
        }
    }

    /// @notice As above, with the signature as v, r, s.
    function settleAuthorization(
        uint256 licenseId,
        address from,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external whenNotPaused nonReentrant returns (bytes32 paymentId) {
        paymentId = _recordAuthorization(licenseId, from, value, nonce);
        address vault = vaultOf(licenseId);
        try usdc.transferWithAuthorization(from, vault, value, validAfter, validBefore, nonce, v, r, s) {}
        catch (bytes memory reason) {
            _settlementFailed(from, nonce, reason);
        }
    }

    /// @notice Settles many authorisations. One that cannot be settled is skipped: its id is 0, and no `PaymentMade`
    /// tells of it.
    /// @dev Each gets its share of the gas that is left, so that no contract wallet's signature check starves the rest.
    function settleAuthorizations(Authorization[] calldata authorizations)
        external
        whenNotPaused
        nonReentrant
        returns (bytes32[] memory paymentIds)
    {
        uint256 count = authorizations.length;
        if (gasleft() < count * SETTLEMENT_GAS) revert UsdcOut.TooLittleGas();
        paymentIds = new bytes32[](count);
        for (uint256 i = 0; i < count; ++i) {
            Authorization calldata a = authorizations[i];
            if (a.value == 0 || !_fits(a.licenseId, a.value)) continue;
            if (!_transferWithAuthorization(a, gasleft() / (count - i))) continue;
            paymentIds[i] = _recordAuthorization(a.licenseId, a.from, a.value, a.nonce);
        }
    }

    // ---- money out

    /// @notice Sends all that has matured to the licence's payout address, less the fee. Anyone.
    function withdraw(uint256 licenseId) external nonReentrant returns (uint256 amount) {
        Held memory held = _heldNow(licenseId);
        amount = held.matured;
        if (amount == 0) revert NothingToPay(licenseId);
        held.matured = 0;
        _accounts[licenseId] = held.pack();
        (address payout, uint256 fee) = _payOut(licenseId, amount);
        emit Withdrawn(licenseId, payout, amount, fee);
    }

    /// @notice `withdraw` for many licences; one that has nothing, or whose payout address USDC refuses, is skipped.
    function withdrawBatch(uint256[] calldata licenseIds) external returns (uint256 amount) {
        for (uint256 i = 0; i < licenseIds.length; ++i) {
            uint256 gasBefore = gasleft();
            try this.withdraw(licenseIds[i]) returns (uint256 paid) {
                amount += paid;
            } catch {
                UsdcOut.checkGas(gasBefore);
            }
        }
    }

    /// @notice Sends what reached the vault outside this contract to the payout address, less the fee. Anyone.
    function sweep(uint256 licenseId) external nonReentrant returns (uint256 amount) {
        amount = usdc.balanceOf(vaultOf(licenseId)) - attributedOf(licenseId);
        if (amount == 0) revert NothingToPay(licenseId);
        (address payout, uint256 fee) = _payOut(licenseId, amount);
        emit Swept(licenseId, payout, amount, fee);
    }

    /// @notice Sends a refund that USDC once refused. Anyone, to the payer only.
    function sendOwedRefund(uint256 licenseId, address payer) external nonReentrant {
        uint256 amount = refundOwed[licenseId][payer];
        if (amount == 0) revert NothingToPay(licenseId);
        refundOwed[licenseId][payer] = 0;
        _locked[licenseId] -= amount;
        address vault = vaultOf(licenseId);
        _ensureVault(licenseId, vault);
        usdc.safeTransferFrom(vault, payer, amount);
    }

    /// @notice Sends all fees that were taken so far to the fee recipient. Anyone.
    function collectFees() external nonReentrant returns (uint256 amount) {
        amount = usdc.balanceOf(address(this));
        if (amount == 0) revert ZeroAmount();
        address to = feeRecipient;
        usdc.safeTransfer(to, amount);
        emit FeesCollected(to, amount);
    }

    /// @notice Deploys a licence's vault. Anyone; money leaving does it by itself.
    function deployVault(uint256 licenseId) external returns (address vault) {
        vault = vaultOf(licenseId);
        _ensureVault(licenseId, vault);
    }

    /// @inheritdoc IPaymentAccounts
    function refresh(uint256 licenseId) external {
        uint8 status = license.isPayable(licenseId) ? OPEN : CLOSED;
        uint256 word = _accounts[licenseId];
        if (uint8(word) != status) _accounts[licenseId] = (word & ~uint256(0xff)) | status;
    }

    // ---- disputes

    /// @inheritdoc IDisputeHooks
    function hold(Payment[] calldata payments) external onlyResolver nonReentrant returns (uint256 total) {
        uint256 licenseId = payments[0].licenseId;
        Held memory held = _heldNow(licenseId);
        for (uint256 i = 0; i < payments.length; ++i) {
            Payment calldata payment = payments[i];
            _checkSame(payments[0], payment);
            _move(payment, PAID, HELD);
            uint64 bucket = payment.paidAt / bucketSeconds;
            if (maturesAt(bucket) <= block.timestamp) revert HoldWindowOver(payment.paymentId);
            held.take(bucket, payment.amount);
            total += payment.amount;
            emit PaymentHeld(payment.paymentId);
        }
        _accounts[licenseId] = held.pack();
        _locked[licenseId] += total;
    }

    /// @inheritdoc IDisputeHooks
    /// @dev What was disputed once cannot be again, so it has matured.
    function release(Payment[] calldata payments) external onlyResolver nonReentrant {
        uint256 licenseId = payments[0].licenseId;
        uint256 total = 0;
        for (uint256 i = 0; i < payments.length; ++i) {
            Payment calldata payment = payments[i];
            _checkSame(payments[0], payment);
            _move(payment, HELD, RELEASED);
            total += payment.amount;
            emit PaymentReleased(payment.paymentId);
        }
        _locked[licenseId] -= total;
        Held memory held = _heldNow(licenseId);
        held.matured += uint64(total);
        _accounts[licenseId] = held.pack();
    }

    /// @inheritdoc IDisputeHooks
    /// @dev A payer that USDC refuses does not stop the dispute's end: its money waits in `refundOwed`.
    function refund(Payment[] calldata payments) external onlyResolver nonReentrant {
        uint256 total = 0;
        for (uint256 i = 0; i < payments.length; ++i) {
            Payment calldata payment = payments[i];
            _checkSame(payments[0], payment);
            _move(payment, HELD, REFUNDED);
            total += payment.amount;
            emit PaymentRefunded(payment.paymentId, payment.payer, payment.amount);
        }
        (uint256 licenseId, address payer) = (payments[0].licenseId, payments[0].payer);
        address vault = vaultOf(licenseId);
        _tryEnsureVault(licenseId, vault);
        if (usdc.trySendFrom(vault, payer, total)) _locked[licenseId] -= total;
        else refundOwed[licenseId][payer] += total;
    }

    // ---- views

    /// @notice A licence's vault, whether it exists yet or not.
    function vaultOf(uint256 licenseId) public view returns (address) {
        bytes32 salt = Wire.vaultSalt(block.chainid, licenseId);
        return
            address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, vaultInitCodeHash)))));
    }

    /// @notice The protocol fee in force, basis points.
    function feeBps() public view returns (uint16) {
        return _nextFeeAt != 0 && _nextFeeAt <= block.timestamp ? _nextFeeBps : _feeBps;
    }

    /// @notice What of a licence's vault belongs to payments made through this contract.
    function attributedOf(uint256 licenseId) public view returns (uint256) {
        return _accounts[licenseId].unpack().total() + _locked[licenseId];
    }

    /// @notice What `withdraw` would take now, before the fee.
    function withdrawableOf(uint256 licenseId) external view returns (uint256) {
        return _heldNow(licenseId).matured;
    }

    /// @notice What is still inside its hold window and not disputed.
    function pendingOf(uint256 licenseId) external view returns (uint256) {
        Held memory held = _heldNow(licenseId);
        return held.total() - held.matured;
    }

    /// @notice What is disputed, or refunded but not sent yet.
    function lockedOf(uint256 licenseId) external view returns (uint256) {
        return _locked[licenseId];
    }

    /// @notice When a bucket can be withdrawn.
    function maturesAt(uint64 bucket) public view returns (uint256) {
        return (uint256(bucket) + 1) * bucketSeconds + holdSeconds;
    }

    /// @notice State of a payment: 0 unknown, 1 paid, 2 held, 3 released, 4 refunded.
    function stateOf(bytes32 paymentId) external view returns (uint8) {
        return uint8(_payments[paymentId]);
    }

    // ---- internals

    function _heldNow(uint256 licenseId) private view returns (Held memory held) {
        held = _accounts[licenseId].unpack();
        held.roll(block.timestamp / bucketSeconds);
    }

    /// @dev Whether `_record` would take the payment.
    function _fits(uint256 licenseId, uint256 value) private view returns (bool) {
        Held memory held = _heldNow(licenseId);
        return held.status == OPEN && value <= type(uint48).max - held.current;
    }

    function _settlementFailed(address from, bytes32 nonce, bytes memory reason) private view {
        if (usdc.authorizationState(from, nonce)) revert AuthorizationAlreadyUsed(from, nonce);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    function _transferWithAuthorization(Authorization calldata a, uint256 gasShare) private returns (bool) {
        address vault = vaultOf(a.licenseId);
        try usdc.transferWithAuthorization{gas: gasShare}(
            a.from, vault, a.value, a.validAfter, a.validBefore, a.nonce, a.signature
        ) {
            return true;
        } catch {
            return false;
        }
    }

    function _recordAuthorization(uint256 licenseId, address from, uint256 value, bytes32 nonce)
        private
        returns (bytes32 paymentId)
    {
        paymentId = Wire.paymentId(block.chainid, address(usdc), from, nonce);
        _record(paymentId, licenseId, from, value, nonce, METHOD_AUTHORIZATION);
    }

    function _record(bytes32 paymentId, uint256 licenseId, address payer, uint256 amount, bytes32 nonce, uint8 method)
        private
    {
        if (amount == 0) revert ZeroAmount();
        Held memory held = _heldNow(licenseId);
        if (held.status != OPEN) revert NotPayable(licenseId);
        held.add(amount);
        _accounts[licenseId] = held.pack();
        uint64 paidAt = uint64(block.timestamp);
        _payments[paymentId] = _commitment(payer, licenseId, amount, paidAt) | PAID;
        emit PaymentMade(paymentId, licenseId, payer, amount, nonce, method, paidAt);
    }

    function _commitment(address payer, uint256 licenseId, uint256 amount, uint64 paidAt)
        private
        pure
        returns (uint256)
    {
        return uint256(keccak256(abi.encode(payer, licenseId, amount, paidAt))) & ~uint256(0xff);
    }

    function _move(Payment calldata payment, uint8 from, uint8 to) private {
        uint256 commitment = _commitment(payment.payer, payment.licenseId, payment.amount, payment.paidAt);
        if (_payments[payment.paymentId] != commitment | from) revert PaymentMismatch(payment.paymentId);
        _payments[payment.paymentId] = commitment | to;
    }

    function _checkSame(Payment calldata first, Payment calldata payment) private pure {
        if (payment.payer != first.payer || payment.licenseId != first.licenseId) {
            revert PaymentsMixed(payment.paymentId);
        }
    }

    function _payOut(uint256 licenseId, uint256 amount) private returns (address payout, uint256 fee) {
        payout = license.payoutOf(licenseId);
        address vault = vaultOf(licenseId);
        _ensureVault(licenseId, vault);
        fee = amount * feeBps() / BPS;
        if (fee != 0) usdc.safeTransferFrom(vault, address(this), fee);
        usdc.safeTransferFrom(vault, payout, amount - fee);
    }

    /// @dev A paused USDC refuses a new vault's allowance; that must not stop the end of a dispute.
    function _tryEnsureVault(uint256 licenseId, address vault) private {
        if (vault.code.length != 0) return;
        uint256 gasBefore = gasleft();
        try this.deployVault(licenseId) {}
        catch {
            UsdcOut.checkGas(gasBefore);
        }
    }

    function _ensureVault(uint256 licenseId, address vault) private {
        if (vault.code.length != 0) return;
        new Vault{salt: Wire.vaultSalt(block.chainid, licenseId)}();
        emit VaultDeployed(licenseId, vault);
    }
}
