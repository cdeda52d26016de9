// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Pausable} from "@openzeppelin/contracts/utils/Pausable.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ICrawlLicense} from "./interfaces/ICrawlLicense.sol";
import {IDisputeHooks} from "./interfaces/IDisputeHooks.sol";
import {IUsdc} from "./interfaces/IUsdc.sol";
import {Payment} from "./lib/Types.sol";
import {Wire} from "./lib/Wire.sol";
import {Vault} from "./Vault.sol";

/// @title Direct payments
/// @notice Payments per request, each into the vault of one licence. A payment can be disputed until its bucket
/// matures; then anyone may send it on to the licence's payout address. What reaches a vault in any other way is
/// external: it is swept to the payout address and carries no right of dispute.
/// @dev Money stays in vaults until it leaves; this contract holds only collected fees.
/// For every licence: balance(vault) >= attributed = sum of buckets + held payments + refunds owed.
contract PaymentProcessor is IDisputeHooks, Ownable2Step, Pausable, ReentrancyGuardTransient {
    using SafeERC20 for IUsdc;
    using SafeCast for uint256;

    /// @dev What a vault holds for known payments, and the bucket that new payments go to. One slot.
    struct Account {
        uint128 attributed;
        uint32 openBucket;
        uint96 openAmount;
    }

    /// @notice Highest protocol fee there can ever be, in basis points.
    uint16 public constant MAX_FEE_BPS = 500;
    uint256 private constant BPS = 10_000;
    uint8 private constant METHOD_PAY = 1;
    uint8 private constant METHOD_AUTHORIZATION = 2;

    uint8 private constant PAID = 1;
    uint8 private constant HELD = 2;
    uint8 private constant RELEASED = 3;
    uint8 private constant REFUNDED = 4;

    /// @notice The USDC contract of this chain.
    IUsdc public immutable usdc;
    /// @notice The licence registry.
    ICrawlLicense public immutable license;
    /// @notice Length of a bucket, seconds.
    uint64 public immutable bucketSeconds;
    /// @notice Seconds after a bucket's end in which its payments can still be disputed.
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

    mapping(uint256 licenseId => Account) private _accounts;
    mapping(uint256 licenseId => mapping(uint256 bucket => uint256 amount)) private _buckets;
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
    error TooLittleGas();

    modifier onlyResolver() {
        if (msg.sender != resolver) revert NotResolver(msg.sender);
        _;
    }

    /// @param bucketSeconds_ one day in production.
    /// @param holdSeconds_ the hold window behind a bucket's end.
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
        if (bucketSeconds_ == 0) revert ZeroAmount();
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
        if (amount == 0) revert ZeroAmount();
        if (!license.isPayable(licenseId)) revert NotPayable(licenseId);
        paymentId = Wire.paymentId(block.chainid, address(this), msg.sender, nonce);
        if (_payments[paymentId] != 0) revert PaymentExists(paymentId);
        _record(paymentId, licenseId, msg.sender, amount, nonce, METHOD_PAY);
        usdc.safeTransferFrom(msg.sender, vaultOf(licenseId), amount);
    }

    /// @notice Settles an EIP-3009 `transferWithAuthorization` to a licence's vault; packed signature or EIP-1271.
    /// @dev Attributes what the vault receives inside this call. Reverts `AuthorizationAlreadyUsed` if the
    /// authorisation was settled before, here or straight at USDC.
    function settleAuthorization(
        uint256 licenseId,
        address from,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external whenNotPaused nonReentrant returns (bytes32 paymentId) {
        (address vault, uint256 before) = _beforeSettlement(licenseId);
        try usdc.transferWithAuthorization(from, vault, value, validAfter, validBefore, nonce, signature) {}
        catch (bytes memory reason) {
            _settlementFailed(from, nonce, reason);
        }
        return _afterSettlement(licenseId, vault, before, from, nonce);
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
        (address vault, uint256 before) = _beforeSettlement(licenseId);
        try usdc.transferWithAuthorization(from, vault, value, validAfter, validBefore, nonce, v, r, s) {}
        catch (bytes memory reason) {
            _settlementFailed(from, nonce, reason);
        }
        return _afterSettlement(licenseId, vault, before, from, nonce);
    }

    // ---- money out

    /// @notice Sends matured buckets to the licence's payout address, less the fee. Anyone. Buckets that are not
    /// mature, or empty, are skipped.
    function withdraw(uint256 licenseId, uint64[] calldata buckets) external nonReentrant returns (uint256 amount) {
        for (uint256 i = 0; i < buckets.length; ++i) {
            if (_matured(buckets[i])) amount += _drainBucket(licenseId, buckets[i]);
        }
        if (amount == 0) revert NothingToPay(licenseId);
        _accounts[licenseId].attributed -= amount.toUint128();
        (address payout, uint256 fee) = _payOut(licenseId, amount);
        emit Withdrawn(licenseId, payout, amount, fee);
    }

    /// @notice Sends what reached the vault outside this contract to the payout address, less the fee. Anyone.
    function sweep(uint256 licenseId) external nonReentrant returns (uint256 amount) {
        amount = usdc.balanceOf(vaultOf(licenseId)) - _accounts[licenseId].attributed;
        if (amount == 0) revert NothingToPay(licenseId);
        (address payout, uint256 fee) = _payOut(licenseId, amount);
        emit Swept(licenseId, payout, amount, fee);
    }

    /// @notice Sends a refund that USDC once refused. Anyone, to the payer only.
    function sendOwedRefund(uint256 licenseId, address payer) external nonReentrant {
        uint256 amount = refundOwed[licenseId][payer];
        if (amount == 0) revert NothingToPay(licenseId);
        refundOwed[licenseId][payer] = 0;
        _accounts[licenseId].attributed -= amount.toUint128();
        usdc.safeTransferFrom(vaultOf(licenseId), payer, amount);
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

    // ---- disputes

    /// @inheritdoc IDisputeHooks
    function hold(Payment[] calldata payments) external onlyResolver nonReentrant returns (uint256 total) {
        for (uint256 i = 0; i < payments.length; ++i) {
            Payment calldata payment = payments[i];
            _checkSame(payments[0], payment);
            _move(payment, PAID, HELD);
            uint64 bucket = payment.paidAt / bucketSeconds;
            if (_matured(bucket)) revert HoldWindowOver(payment.paymentId);
            _takeFromBucket(payment.licenseId, bucket, payment.amount);
            total += payment.amount;
            emit PaymentHeld(payment.paymentId);
        }
    }

    /// @inheritdoc IDisputeHooks
    function release(Payment[] calldata payments) external onlyResolver nonReentrant {
        for (uint256 i = 0; i < payments.length; ++i) {
            Payment calldata payment = payments[i];
            _move(payment, HELD, RELEASED);
            _returnToBucket(payment.licenseId, payment.paidAt / bucketSeconds, payment.amount);
            emit PaymentReleased(payment.paymentId);
        }
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
        _ensureVault(licenseId, vault);
        uint256 gasBefore = gasleft();
        if (usdc.trySafeTransferFrom(vault, payer, total)) {
            _accounts[licenseId].attributed -= total.toUint128();
        } else {
            // A refusal is USDC's, never a lack of gas that the caller chose, or that an estimate found to be enough.
            if (gasleft() < gasBefore / 8) revert TooLittleGas();
            refundOwed[licenseId][payer] += total;
        }
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
    function attributedOf(uint256 licenseId) external view returns (uint256) {
        return _accounts[licenseId].attributed;
    }

    /// @notice What a bucket holds for the publisher, without held payments.
    function bucketOf(uint256 licenseId, uint64 bucket) external view returns (uint256 amount) {
        amount = _buckets[licenseId][bucket];
        if (_accounts[licenseId].openBucket == bucket) amount += _accounts[licenseId].openAmount;
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

    function _beforeSettlement(uint256 licenseId) private view returns (address vault, uint256 balance) {
        if (!license.isPayable(licenseId)) revert NotPayable(licenseId);
        vault = vaultOf(licenseId);
        balance = usdc.balanceOf(vault);
    }

    function _settlementFailed(address from, bytes32 nonce, bytes memory reason) private view {
        if (usdc.authorizationState(from, nonce)) revert AuthorizationAlreadyUsed(from, nonce);
        assembly ("memory-safe") {
            revert(add(reason, 32), mload(reason))
        }
    }

    function _afterSettlement(uint256 licenseId, address vault, uint256 before, address from, bytes32 nonce)
        private
        returns (bytes32 paymentId)
    {
        uint256 amount = usdc.balanceOf(vault) - before;
        if (amount == 0) revert ZeroAmount();
        paymentId = Wire.paymentId(block.chainid, address(usdc), from, nonce);
        _record(paymentId, licenseId, from, amount, nonce, METHOD_AUTHORIZATION);
    }

    function _record(bytes32 paymentId, uint256 licenseId, address payer, uint256 amount, bytes32 nonce, uint8 method)
        private
    {
        uint64 paidAt = uint64(block.timestamp);
        _payments[paymentId] = _commitment(payer, licenseId, amount, paidAt) | PAID;
        Account storage account = _accounts[licenseId];
        uint32 bucket = uint256(paidAt / bucketSeconds).toUint32();
        uint96 openAmount = account.openAmount;
        if (account.openBucket != bucket) {
            if (openAmount != 0) _buckets[licenseId][account.openBucket] += openAmount;
            account.openBucket = bucket;
            openAmount = 0;
        }
        account.openAmount = (openAmount + amount).toUint96();
        account.attributed += amount.toUint128();
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

    function _matured(uint64 bucket) private view returns (bool) {
        return maturesAt(bucket) <= block.timestamp;
    }

    function _drainBucket(uint256 licenseId, uint64 bucket) private returns (uint256 amount) {
        amount = _buckets[licenseId][bucket];
        if (amount != 0) _buckets[licenseId][bucket] = 0;
        Account storage account = _accounts[licenseId];
        if (account.openBucket == bucket && account.openAmount != 0) {
            amount += account.openAmount;
            account.openAmount = 0;
        }
    }

    /// @dev The amount is wholly in the open slot, or wholly in the mapping: an open bucket moves at once, and what
    /// comes back by `_returnToBucket` is a released payment, which cannot be held again.
    function _takeFromBucket(uint256 licenseId, uint64 bucket, uint256 amount) private {
        Account storage account = _accounts[licenseId];
        if (account.openBucket == bucket) {
            account.openAmount = (account.openAmount - amount).toUint96();
        } else {
            _buckets[licenseId][bucket] -= amount;
        }
    }

    function _returnToBucket(uint256 licenseId, uint64 bucket, uint256 amount) private {
        _buckets[licenseId][bucket] += amount;
    }

    function _payOut(uint256 licenseId, uint256 amount) private returns (address payout, uint256 fee) {
        payout = license.payoutOf(licenseId);
        address vault = vaultOf(licenseId);
        _ensureVault(licenseId, vault);
        fee = amount * feeBps() / BPS;
        if (fee != 0) usdc.safeTransferFrom(vault, address(this), fee);
        usdc.safeTransferFrom(vault, payout, amount - fee);
    }

    function _ensureVault(uint256 licenseId, address vault) private {
        if (vault.code.length != 0) return;
        new Vault{salt: Wire.vaultSalt(block.chainid, licenseId)}();
        emit VaultDeployed(licenseId, vault);
    }
}
