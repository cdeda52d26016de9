// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {ICrawlLicense} from "./interfaces/ICrawlLicense.sol";
import {IPaymentAccounts} from "./interfaces/IPaymentAccounts.sol";

/// @title Publisher licences
/// @notice One soulbound ERC-721 per licence, minted by its holder. A licence claims domains; the registrar only says
/// which claim was proven off chain. Licences are never suspended or moved by an admin. Each change of whether a
/// licence may be paid is told to the payment processor at once, so that a payment need not ask.
/// @dev ERC-721, ERC-5192 (soulbound), ERC-4906. Domains are kept as `keccak256(domain)`.
contract CrawlLicense is ICrawlLicense, ERC721, IERC4906, Ownable2Step {
    struct License {
        address payout;
        uint64 nextPayoutAt;
        bool active;
        bool suspended;
        address nextPayout;
        address recovery;
        uint64 recoveryAt;
        address recoverTo;
    }

    struct Replacement {
        uint64 effectiveAt;
        uint192 licenseId;
    }

    bytes4 private constant ERC5192_ID = 0xb45a3c0e;

    /// @notice Seconds from `setPayout` until the new address is paid.
    uint64 public immutable payoutDelay;
    /// @notice Seconds in which a verified holder may answer another licence's proof of the same domain.
    uint64 public immutable replacementDelay;
    /// @notice Seconds from the start of a recovery until it can be finished.
    uint64 public immutable recoveryDelay;

    /// @notice Who may set the verified flag of a domain claim.
    address public registrar;
    /// @notice The dispute resolver, which alone may suspend. Set once.
    address public resolver;
    /// @notice The payment processor, which is told of each change of `isPayable`. Set once.
    IPaymentAccounts public processor;
    /// @notice Number of licences; the last one's id.
    uint256 public totalSupply;
    /// @notice The licence whose claim to a domain is verified; 0 if none.
    mapping(bytes32 domainHash => uint256 licenseId) public licenseOf;
    /// @notice Whether a licence claims a domain, verified or not.
    mapping(uint256 licenseId => mapping(bytes32 domainHash => bool)) public claims;
    /// @notice The licence on another chain that a licence names as its own; 0 if none.
    mapping(uint256 licenseId => mapping(uint256 chainId => uint256)) public linkOf;
    /// @notice A running replacement of a verified claim.
    mapping(bytes32 domainHash => Replacement) public replacementOf;

    mapping(uint256 licenseId => License) private _licenses;
    mapping(uint256 licenseId => string) private _termsURI;

    event LicenseMinted(address indexed publisher, uint256 indexed tokenId, string termsURI);
    event LicenseDeactivated(uint256 indexed tokenId);
    event LicenseReactivated(uint256 indexed tokenId);
    event LicenseSuspended(uint256 indexed tokenId);
    event LicenseUnsuspended(uint256 indexed tokenId);
    event TermsURIUpdated(uint256 indexed tokenId, string newTermsURI);
    event PayoutScheduled(uint256 indexed tokenId, address indexed payout, uint64 effectiveAt);
    event LicenseLinked(uint256 indexed tokenId, uint256 indexed chainId, uint256 indexed otherId);
    event DomainClaimed(uint256 indexed tokenId, bytes32 indexed domainHash, string domain);
    event DomainReleased(uint256 indexed tokenId, bytes32 indexed domainHash);
    event DomainVerified(uint256 indexed tokenId, bytes32 indexed domainHash);
    event DomainUnverified(uint256 indexed tokenId, bytes32 indexed domainHash);
    event DomainReplacementStarted(
        uint256 indexed tokenId, bytes32 indexed domainHash, uint256 indexed holderId, uint64 effectiveAt
    );
    event DomainReplacementCancelled(uint256 indexed tokenId, bytes32 indexed domainHash);
    event RecoverySet(uint256 indexed tokenId, address indexed recovery);
    event RecoveryStarted(uint256 indexed tokenId, address indexed newHolder, uint64 effectiveAt);
    event RecoveryCancelled(uint256 indexed tokenId);
    /// @dev ERC-5192.
    event Locked(uint256 tokenId);
    event RegistrarSet(address indexed registrar);

    error Soulbound();
    error NotHolder(uint256 id, address caller);
    error NotRecovery(uint256 id, address caller);
    error NotRegistrar(address caller);
    error NotResolver(address caller);
    error AlreadySet();
    error ZeroAddress();
    error EmptyTermsURI();
    error InvalidDomain();
    error DomainNotClaimed(uint256 id, bytes32 domainHash);
    error DomainAlreadyClaimed(uint256 id, bytes32 domainHash);
    error DomainNotVerified(uint256 id, bytes32 domainHash);
    error NoReplacement(bytes32 domainHash);
    error NoRecovery(uint256 id);
    error RecoveryAlreadySet(uint256 id);
    error TooEarly(uint64 effectiveAt);
    error StateUnchanged(uint256 id);

    modifier onlyHolder(uint256 id) {
        if (_requireOwned(id) != msg.sender) revert NotHolder(id, msg.sender);
        _;
    }

    modifier onlyResolver() {
        if (msg.sender != resolver) revert NotResolver(msg.sender);
        _;
    }

    /// @param admin may appoint the registrar and, once, the resolver.
    /// @param registrar_ first registrar.
    /// @param payoutDelay_ seconds.
    /// @param replacementDelay_ seconds, 48 h in production.
    /// @param recoveryDelay_ seconds, 7 days in production.
    constructor(address admin, address registrar_, uint64 payoutDelay_, uint64 replacementDelay_, uint64 recoveryDelay_)
        ERC721("Tachi Publisher License", "TACHI")
        Ownable(admin)
    {
        payoutDelay = payoutDelay_;
        replacementDelay = replacementDelay_;
        recoveryDelay = recoveryDelay_;
        registrar = registrar_;
        emit RegistrarSet(registrar_);
    }

    // ---- admin

    /// @notice Names the dispute resolver, once and for all.
    function setResolver(address resolver_) external onlyOwner {
        if (resolver != address(0)) revert AlreadySet();
        if (resolver_ == address(0)) revert ZeroAddress();
        resolver = resolver_;
    }

    /// @notice Names the payment processor, once and for all. Licences that are older are made known to it by its
    /// `refresh`.
    function setProcessor(IPaymentAccounts processor_) external onlyOwner {
        if (address(processor) != address(0)) revert AlreadySet();
        if (address(processor_) == address(0)) revert ZeroAddress();
        processor = processor_;
    }

    /// @notice Appoints the registrar.
    function setRegistrar(address registrar_) external onlyOwner {
        registrar = registrar_;
        emit RegistrarSet(registrar_);
    }

    // ---- life of a licence

    /// @notice Mints a licence to the caller.
    /// @param payout receives the licence's money.
    /// @param recovery may move the licence after `recoveryDelay`; zero for none.
    function mint(string calldata termsURI, address payout, address recovery) external returns (uint256 id) {
        if (bytes(termsURI).length == 0) revert EmptyTermsURI();
        if (payout == address(0)) revert ZeroAddress();
        id = ++totalSupply;
        License storage license = _licenses[id];
        license.payout = payout;
        license.active = true;
        _termsURI[id] = termsURI;
        _mint(msg.sender, id);
        emit Locked(id);
        emit LicenseMinted(msg.sender, id, termsURI);
        emit PayoutScheduled(id, payout, uint64(block.timestamp));
        if (recovery != address(0)) _setRecovery(id, recovery);
        _tellProcessor(id);
    }

    /// @notice Stops new payments to the licence until it is reactivated.
    function deactivate(uint256 id) external onlyHolder(id) {
        if (!_licenses[id].active) revert StateUnchanged(id);
        _licenses[id].active = false;
        emit LicenseDeactivated(id);
        _tellProcessor(id);
    }

    /// @notice Takes new payments again.
    function reactivate(uint256 id) external onlyHolder(id) {
        if (_licenses[id].active) revert StateUnchanged(id);
        _licenses[id].active = true;
        emit LicenseReactivated(id);
        _tellProcessor(id);
    }

    /// @inheritdoc ICrawlLicense
    function suspend(uint256 id) external onlyResolver {
        _requireOwned(id);
        if (_licenses[id].suspended) revert StateUnchanged(id);
        _licenses[id].suspended = true;
        emit LicenseSuspended(id);
        _tellProcessor(id);
    }

    /// @inheritdoc ICrawlLicense
    function unsuspend(uint256 id) external onlyResolver {
        if (!_licenses[id].suspended) revert StateUnchanged(id);
        _licenses[id].suspended = false;
        emit LicenseUnsuspended(id);
        _tellProcessor(id);
    }

    /// @notice Changes where the licence's terms are found.
    function setTermsURI(uint256 id, string calldata newTermsURI) external onlyHolder(id) {
        if (bytes(newTermsURI).length == 0) revert EmptyTermsURI();
        _termsURI[id] = newTermsURI;
        emit TermsURIUpdated(id, newTermsURI);
        emit MetadataUpdate(id);
    }

    /// @notice Changes where the licence's money goes, after `payoutDelay`. A new call replaces a running one.
    function setPayout(uint256 id, address payout) external onlyHolder(id) {
        if (payout == address(0)) revert ZeroAddress();
        _schedulePayout(id, payout, uint64(block.timestamp) + payoutDelay);
    }

    /// @notice Says which licence of another chain belongs to this one. Base confirms links of Ethereum licences.
    function link(uint256 id, uint256 chainId, uint256 otherId) external onlyHolder(id) {
        linkOf[id][chainId] = otherId;
        emit LicenseLinked(id, chainId, otherId);
    }

    // ---- domains

    /// @notice Claims a domain. Any number of licences may claim it; one claim at most is verified.
    /// @param domain lower case, A-labels, no trailing dot, no port.
    function claimDomain(uint256 id, string calldata domain) external onlyHolder(id) {
        _checkDomain(bytes(domain));
        bytes32 domainHash = keccak256(bytes(domain));
        if (claims[id][domainHash]) revert DomainAlreadyClaimed(id, domainHash);
        claims[id][domainHash] = true;
        emit DomainClaimed(id, domainHash, domain);
    }

    /// @notice Gives a claim up, verified or not.
    function releaseDomain(uint256 id, bytes32 domainHash) external onlyHolder(id) {
        if (!claims[id][domainHash]) revert DomainNotClaimed(id, domainHash);
        claims[id][domainHash] = false;
        if (licenseOf[domainHash] == id) {
            _clearVerified(id, domainHash);
        } else if (replacementOf[domainHash].licenseId == id) {
            _cancelReplacement(domainHash);
        }
        emit DomainReleased(id, domainHash);
    }

    /// @notice Records the outcome of an off-chain proof of a claim; only the registrar.
    /// @dev A proof by another licence than the verified one starts a replacement; a fresh proof by the verified one
    /// cancels it. Clearing a claim that is only replacing cancels the replacement.
    function setVerified(uint256 id, bytes32 domainHash, bool verified) external {
        if (msg.sender != registrar) revert NotRegistrar(msg.sender);
        if (!claims[id][domainHash]) revert DomainNotClaimed(id, domainHash);
        uint256 holderId = licenseOf[domainHash];
        uint256 challengerId = replacementOf[domainHash].licenseId;
        if (!verified) {
            if (holderId == id) _clearVerified(id, domainHash);
            else if (challengerId == id) _cancelReplacement(domainHash);
            else revert DomainNotVerified(id, domainHash);
        } else if (holderId == 0) {
            licenseOf[domainHash] = id;
            emit DomainVerified(id, domainHash);
        } else if (holderId == id) {
            if (challengerId != 0) _cancelReplacement(domainHash);
        } else if (challengerId != id) {
            if (challengerId != 0) _cancelReplacement(domainHash);
            uint64 effectiveAt = uint64(block.timestamp) + replacementDelay;
            replacementOf[domainHash] = Replacement(effectiveAt, uint192(id));
            emit DomainReplacementStarted(id, domainHash, holderId, effectiveAt);
        }
    }

    /// @notice Moves a domain to the licence that proved it, once the holder's time to answer is over. Anyone.
    function finishReplacement(bytes32 domainHash) external {
        Replacement memory replacement = replacementOf[domainHash];
        if (replacement.licenseId == 0) revert NoReplacement(domainHash);
        if (block.timestamp < replacement.effectiveAt) revert TooEarly(replacement.effectiveAt);
        delete replacementOf[domainHash];
        emit DomainUnverified(licenseOf[domainHash], domainHash);
        licenseOf[domainHash] = replacement.licenseId;
        emit DomainVerified(replacement.licenseId, domainHash);
    }

    // ---- recovery

    /// @notice Names the recovery address: by the holder while there is none, then by the recovery address itself,
    /// so that who steals the holder's key cannot lock the recovery out.
    function setRecovery(uint256 id, address recovery) external {
        address current = _licenses[id].recovery;
        if (current == address(0)) {
            if (_requireOwned(id) != msg.sender) revert NotHolder(id, msg.sender);
        } else if (msg.sender != current) {
            revert RecoveryAlreadySet(id);
        }
        _setRecovery(id, recovery);
    }

    /// @notice Starts to move the licence to `newHolder`; only the recovery address.
    function startRecovery(uint256 id, address newHolder) external {
        License storage license = _licenses[id];
        if (msg.sender != license.recovery) revert NotRecovery(id, msg.sender);
        if (newHolder == address(0)) revert ZeroAddress();
        uint64 effectiveAt = uint64(block.timestamp) + recoveryDelay;
        license.recoverTo = newHolder;
        license.recoveryAt = effectiveAt;
        emit RecoveryStarted(id, newHolder, effectiveAt);
    }

    /// @notice Stops a recovery; the holder or the recovery address.
    function cancelRecovery(uint256 id) external {
        License storage license = _licenses[id];
        if (msg.sender != _requireOwned(id) && msg.sender != license.recovery) revert NotHolder(id, msg.sender);
        if (license.recoveryAt == 0) revert NoRecovery(id);
        license.recoverTo = address(0);
        license.recoveryAt = 0;
        emit RecoveryCancelled(id);
    }

    /// @notice Moves the licence after the delay. Anyone. A payout change that is not yet in force is dropped.
    function finishRecovery(uint256 id) external {
        License storage license = _licenses[id];
        uint64 effectiveAt = license.recoveryAt;
        if (effectiveAt == 0) revert NoRecovery(id);
        if (block.timestamp < effectiveAt) revert TooEarly(effectiveAt);
        address newHolder = license.recoverTo;
        license.recoverTo = address(0);
        license.recoveryAt = 0;
        if (license.nextPayoutAt > block.timestamp) {
            _schedulePayout(id, license.payout, uint64(block.timestamp));
        }
        super._update(newHolder, id, address(0));
    }

    // ---- views

    /// @inheritdoc ICrawlLicense
    function isPayable(uint256 id) external view returns (bool) {
        License storage license = _licenses[id];
        return license.active && !license.suspended;
    }

    /// @inheritdoc ICrawlLicense
    function payoutOf(uint256 id) external view returns (address) {
        address payout = _payoutNow(_licenses[id]);
        if (payout == address(0)) revert ERC721NonexistentToken(id);
        return payout;
    }

    /// @notice The licence's state as stored; `payout` is the one in force now.
    function licenses(uint256 id) external view returns (License memory license) {
        license = _licenses[id];
        license.payout = _payoutNow(_licenses[id]);
    }

    /// @notice Always true for a licence that exists (ERC-5192).
    function locked(uint256 id) external view returns (bool) {
        _requireOwned(id);
        return true;
    }

    /// @notice Where the licence's terms are found.
    function tokenURI(uint256 id) public view override returns (string memory) {
        _requireOwned(id);
        return _termsURI[id];
    }

    /// @inheritdoc ERC721
    function ownerOf(uint256 id) public view override(ICrawlLicense, IERC721, ERC721) returns (address) {
        return super.ownerOf(id);
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view override(IERC165, ERC721) returns (bool) {
        return interfaceId == ERC5192_ID || interfaceId == type(IERC4906).interfaceId
            || interfaceId == bytes4(0x49064906) || super.supportsInterface(interfaceId);
    }

    // ---- soulbound

    function approve(address, uint256) public pure override(IERC721, ERC721) {
        revert Soulbound();
    }

    function setApprovalForAll(address, bool) public pure override(IERC721, ERC721) {
        revert Soulbound();
    }

    /// @dev All transfers end here, but for the end of a recovery.
    function _update(address to, uint256 id, address auth) internal override returns (address from) {
        if (_ownerOf(id) != address(0)) revert Soulbound();
        return super._update(to, id, auth);
    }

    // ---- internals

    function _tellProcessor(uint256 id) private {
        if (address(processor) != address(0)) processor.refresh(id);
    }

    function _setRecovery(uint256 id, address recovery) private {
        _licenses[id].recovery = recovery;
        emit RecoverySet(id, recovery);
    }

    function _schedulePayout(uint256 id, address payout, uint64 effectiveAt) private {
        License storage license = _licenses[id];
        license.payout = _payoutNow(license);
        license.nextPayout = payout;
        license.nextPayoutAt = effectiveAt;
        emit PayoutScheduled(id, payout, effectiveAt);
    }

    function _payoutNow(License storage license) private view returns (address payout) {
        uint64 at;
        // Both stand in one slot, which is read once if they are read together.
        (payout, at) = (license.payout, license.nextPayoutAt);
        if (at != 0 && at <= block.timestamp) payout = license.nextPayout;
    }

    function _clearVerified(uint256 id, bytes32 domainHash) private {
        licenseOf[domainHash] = 0;
        if (replacementOf[domainHash].licenseId != 0) _cancelReplacement(domainHash);
        emit DomainUnverified(id, domainHash);
    }

    function _cancelReplacement(bytes32 domainHash) private {
        uint256 challengerId = replacementOf[domainHash].licenseId;
        delete replacementOf[domainHash];
        emit DomainReplacementCancelled(challengerId, domainHash);
    }

    /// @dev 1 to 253 characters of [a-z0-9-] in labels of 1 to 63 that neither start nor end with a hyphen.
    function _checkDomain(bytes calldata domain) private pure {
        uint256 length = domain.length;
        if (length == 0 || length > 253) revert InvalidDomain();
        uint256 label = 0;
        for (uint256 i = 0; i < length; ++i) {
            bytes1 c = domain[i];
            if (c == ".") {
                if (label == 0 || domain[i - 1] == "-") revert InvalidDomain();
                label = 0;
                continue;
            }
            bool letterOrDigit = (c >= "a" && c <= "z") || (c >= "0" && c <= "9");
            if (!letterOrDigit && (c != "-" || label == 0)) revert InvalidDomain();
            if (++label > 63) revert InvalidDomain();
        }
        if (label == 0 || domain[length - 1] == "-") revert InvalidDomain();
    }
}
