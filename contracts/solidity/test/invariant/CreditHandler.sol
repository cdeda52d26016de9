// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CreditEscrow} from "../../src/CreditEscrow.sol";
import {
    Committed,
    CrawlVoucher,
    CrawlerProof,
    EpochBody,
    EpochHeader,
    LicenseProof,
    PairGap,
    PairLeaf,
    PairProof,
    ParentLeaf,
    ParentProof,
    SumNode,
    UsageAttestation
} from "../../src/lib/Types.sol";
import {Wire} from "../../src/lib/Wire.sol";
import {CrawlerLeaf, LicenseLeaf} from "../../src/lib/Types.sol";
import {Auditor} from "../base/Auditor.sol";
import {LedgerTest} from "../base/LedgerTest.sol";
import {TachiTest} from "../base/TachiTest.sol";
import {Books} from "./Books.sol";

/// @notice All that crawlers, publishers, the operator, challengers and thieves can do with credits, headers, claims,
/// demands, the bond and what becomes of it. The operator is honest but for the headers it lies in, which are defeated
/// before they are final, and but for the demands it does not answer.
contract CreditHandler is Books, Auditor {
    uint256 private constant CRAWLERS = 4;
    uint256 private constant LICENSES = 3;
    uint256 private constant BEFORE = 2_000_000_000;

    /// @dev The trees of a header that was posted, and whether they are wrong.
    struct Posted {
        Committed committed;
        PairLeaf[] pairs;
        Side credit;
        Side debit;
        bool lie;
    }

    /// @dev A demand that is open, and the calls that end it.
    struct Asked {
        address asker;
        bytes32 headerHash;
        uint64 epoch;
        uint64 answerBy;
        bool answerable;
        bytes answer;
        bytes expire;
    }

    /// @dev A demand to make.
    struct Question {
        address asker;
        uint256 kind;
        bytes subject;
        bytes data;
        bytes answer;
        bool allowed;
    }

    /// @dev What a header cost that is void now.
    struct LostPot {
        bytes32 headerHash;
        bytes voided;
        bytes predecessor;
        uint256 amount;
        uint256 paid;
        uint256 closesAt;
    }

    /// @dev What never goes back.
    struct Marks {
        uint64 lastPosted;
        uint64 lastFinalised;
        uint64 generation;
        uint64 closedAt;
        uint128 credit;
        uint256 deposited;
        uint256 withdrawn;
        uint256 claimed;
        uint64 configVersion;
    }

    Account[] internal crawlers;
    uint256[] internal ids;
    address[] internal payouts;
    PairLeaf[] internal book;
    mapping(bytes32 pair => uint256 place) internal placeOf;
    mapping(address crawler => uint256) internal deposits;
    mapping(address crawler => uint256) internal withdrawals;
    mapping(address crawler => uint256) internal billed;
    mapping(uint256 licenseId => uint256) internal paid;
    mapping(uint64 epoch => bytes) internal posted;
    Asked[] internal asked;
    LostPot[] internal lost;
    mapping(bytes32 demandId => bool) internal everAsked;
    mapping(bytes32 pairAndHeader => bool) internal harmTaken;
    mapping(address account => uint256) internal owing;
    uint256 internal totalOwing;
    uint256 internal totalBilled;
    uint256 internal insured;
    uint256 internal donatedToEscrow;
    uint256 internal donatedToLedger;
    uint64 internal logSize;
    uint64 internal lieEpoch;
    uint64 internal lastSent;
    Marks internal marks;
    uint256 private _nonces;
    uint256 public won;
    uint256 public headers;
    uint256 public answered;
    uint256 public expired;
    uint256 public harmed;

    function setUp() public override(Books, LedgerTest) {
        super.setUp();
        crawlers.push(crawler);
        crawlers.push(crawlerB);
        crawlers.push(makeAccount("crawlerC"));
        crawlers.push(makeAccount("crawlerD"));
        payouts = [payout, other, makeAddress("payoutC")];
        vm.prank(publisher);
        ids = [idA, idB, license.mint("https://c.example/terms", payouts[2], recovery)];
        for (uint256 i = 0; i < CRAWLERS; ++i) {
            minted(crawlers[i].addr, 1_000_000_000_000);
        }
        (deposits[crawlers[0].addr], deposits[crawlers[1].addr]) = (500_000, 500_000);
        for (uint256 i = 0; i < LICENSES; ++i) {
            watch(payouts[i]);
        }
        minted(admin, 1_000_000_000_000);
        vm.prank(admin);
        usdc.approve(address(ledger), type(uint256).max);
        watch(address(this));
        watch(address(escrow));
        watch(address(ledger));
        (expected[address(escrow)], expected[address(ledger)]) = (1_000_000, BOND);
        marks.generation = 1;
    }

    // ---- crawlers

    function depositCredit(uint256 c, uint256 amount, uint256 form) external timed {
        Account memory who = crawlers[c % CRAWLERS];
        amount = bound(amount, 1, 400_000);
        bytes memory data = abi.encodeCall(escrow.deposit, (who.addr, amount));
        if (form % 3 == 0 && flows(who.addr, address(escrow))) {
            vm.prank(who.addr);
            usdc.approve(address(escrow), amount);
        }
        if (form % 3 == 1) data = _byAuthorization(who, amount);
        if (form % 3 == 2) data = _byPermit(who, amount, form % 2 == 0 && !usdcPaused && !refused[who.addr]);
        if (escrow.paused() || !flows(who.addr, address(escrow))) return refuses(who.addr, address(escrow), data);
        vm.prank(who.addr);
        (bool ok,) = address(escrow).call(data);
        assertTrue(ok);
        if (form % 3 == 1) refuses(who.addr, address(escrow), data);
        deposits[who.addr] += amount;
        moved(who.addr, address(escrow), amount);
    }

    /// @dev Honest billing: never more than what is deposited and not thawing.
    function consume(uint256 c, uint256 l, uint256 amount) external timed {
        address who = crawlers[c % CRAWLERS].addr;
        (uint128 thawing,,) = escrow.thaws(who);
        uint256 free = deposits[who] - withdrawals[who];
        if (free <= billed[who] + thawing) return;
        _bill(who, ids[l % LICENSES], bound(amount, 1, free - billed[who] - thawing));
    }

    function requestThaw(uint256 c, uint256 amount) external timed {
        address who = crawlers[c % CRAWLERS].addr;
        uint256 balance = deposits[who] - withdrawals[who];
        refuses(who, address(escrow), abi.encodeCall(escrow.requestThaw, (uint128(balance + 1))));
        if (balance == 0) return;
        vm.prank(who);
        escrow.requestThaw(uint128(bound(amount, 1, balance)));
    }

    function cancelThaw(uint256 c) external timed {
        address who = crawlers[c % CRAWLERS].addr;
        (uint128 amount,,) = escrow.thaws(who);
        if (amount == 0) return refuses(who, address(escrow), abi.encodeCall(escrow.cancelThaw, ()));
        vm.prank(who);
        escrow.cancelThaw();
    }

    function withdrawCredit(uint256 c) external timed {
        _withdrawCredit(crawlers[c % CRAWLERS].addr);
    }

    function registerSigner(uint256 c, uint256 k, uint64 expiry) external timed {
        address who = crawlers[c % CRAWLERS].addr;
        Account memory signer = makeAccount(string.concat("signer", vm.toString(k % 8)));
        expiry = uint64(bound(expiry, block.timestamp + 1, block.timestamp + 1_000));
        bytes memory grant = _grant(who, signer, expiry);
        bytes memory data = abi.encodeCall(escrow.registerSigner, (signer.addr, expiry, grant));
        refuses(other, address(escrow), data);
        (uint64 validFrom,,) = escrow.signers(who, signer.addr);
        if (validFrom != 0) return refuses(who, address(escrow), data);
        vm.prank(who);
        escrow.registerSigner(signer.addr, expiry, grant);
        assertTrue(escrow.isSignerAt(who, signer.addr, uint64(block.timestamp)));
        assertFalse(escrow.isSignerAt(who, signer.addr, expiry));
    }

    /// @dev A revocation never reaches back, nor to what is younger than the delay.
    function revokeSigner(uint256 c, uint256 k) external timed {
        address who = crawlers[c % CRAWLERS].addr;
        address signer = makeAddress(string.concat("signer", vm.toString(k % 8)));
        (uint64 validFrom, uint64 expiry, uint64 revokedAt) = escrow.signers(who, signer);
        bytes memory data = abi.encodeCall(escrow.revokeSigner, (signer));
        if (validFrom == 0 || revokedAt != 0) return refuses(who, address(escrow), data);
        refuses(other, address(escrow), data);
        vm.prank(who);
        escrow.revokeSigner(signer);
        assertTrue(escrow.isSignerAt(who, signer, validFrom));
        uint64 last = uint64(block.timestamp) + REVOKE_DELAY - 1;
        assertTrue(escrow.isSignerAt(who, signer, last) == (last < expiry));
        assertFalse(escrow.isSignerAt(who, signer, last + 1));
    }

    // ---- the operator

    function postHeader() external timed {
        _post();
    }

    function finaliseHeader(uint256 seed) external timed {
        (uint64 lastPosted, uint64 lastFinalised,) = ledger.head();
        if (lastPosted == lastFinalised) return;
        _finalise(lastFinalised + 1 + uint64(seed % (lastPosted - lastFinalised)));
    }

    function addToBond(uint128 amount) external timed {
        _addToBond(uint128(bound(amount, 1, 1_000_000)));
    }

    function noticeBond(uint128 amount) external timed {
        uint128 bond = ledger.bond();
        refuses(admin, address(ledger), abi.encodeCall(ledger.noticeBond, (bond + 1)));
        vm.prank(admin);
        ledger.noticeBond(uint128(bound(amount, 0, bond)));
    }

    function withdrawBond() external timed {
        (uint64 lastPosted, uint64 lastFinalised,) = ledger.head();
        uint128 amount = ledger.bondNotice() < ledger.bond() ? ledger.bondNotice() : ledger.bond();
        bytes memory data = abi.encodeCall(ledger.withdrawBond, (admin));
        refuses(other, address(ledger), data);
        bool free = lastPosted == lastFinalised && block.timestamp >= ledger.bondNoticeAt();
        if (amount == 0 || !free || !flows(admin, address(ledger))) return refuses(admin, address(ledger), data);
        vm.prank(admin);
        ledger.withdrawBond(admin);
        moved(address(ledger), admin, amount);
    }

    // ---- publishers

    function claim(uint256 l) external timed {
        _claim(ids[l % LICENSES]);
    }

    /// @dev The batch also names a licence twice and one with a wrong proof; neither stops the others.
    function claimBatch() external timed {
        if (!_hasFinalised()) return;
        Side memory credit = _finalisedSide(false);
        LicenseProof[] memory proofs = new LicenseProof[](credit.parents.length + 2);
        if (credit.parents.length == 0) return;
        for (uint256 i = 0; i < credit.parents.length; ++i) {
            proofs[i + 1] = _licenseProof(credit, i);
        }
        proofs[0] = _licenseProof(credit, 0);
        proofs[0].leaf.cumulative += 1;
        proofs[credit.parents.length + 1] = _licenseProof(credit, 0);
        uint256 total = 0;
        for (uint256 i = 0; i < credit.parents.length; ++i) {
            (uint256 licenseId, uint256 due) = (credit.parents[i].key, _due(credit.parents[i]));
            if (!flows(license.payoutOf(licenseId), address(escrow))) continue;
            total += due;
            paid[licenseId] += due;
            moved(address(escrow), license.payoutOf(licenseId), due);
        }
        assertEq(ledger.claimBatch(proofs), total);
    }

    function setPayout(uint256 l, uint256 to) external timed {
        vm.prank(license.ownerOf(ids[l % LICENSES]));
        license.setPayout(ids[l % LICENSES], payouts[to % LICENSES]);
    }

    // ---- lies and their end

    /// @dev Posts a header that is wrong in one way. Its end comes with `challenge`, or before its window is over.
    function lie(uint256 kind, uint256 seed, uint128 delta) external timed {
        if (lieEpoch != 0 || book.length == 0 || _ringIsFull()) return;
        Posted memory p;
        p.lie = true;
        p.pairs = book;
        uint256 i = seed % p.pairs.length;
        delta = uint128(bound(delta, 1, 1_000));
        if (kind % 4 == 0) {
            // Nobody deposited that much.
            address who = p.pairs[i].crawler;
            p.pairs[i].cumulative += uint128(deposits[who] - withdrawals[who] - billed[who]) + delta;
        } else if (kind % 4 == 1 && p.pairs.length > 1) {
            p.pairs[i].crawler = p.pairs[(i + 1) % p.pairs.length].crawler == p.pairs[i].crawler ? other : admin;
        }
        (p.credit, p.debit) = (sideOf(p.pairs, false), sideOf(p.pairs, true));
        if (kind % 4 == 2) p.credit.parents[seed % p.credit.parents.length].cumulative += delta;
        if (kind % 4 == 3) {
            ParentLeaf memory parent = p.debit.parents[seed % p.debit.parents.length];
            parent.pairCount += uint64(delta);
        }
        if (kind % 4 == 1 && p.pairs.length == 1) p.debit.parents[0].pairCount += 1;
        _postLie(p);
        // What is deposited within the second of `closedAt` counts.
        skip(1);
    }

    function challenge() external timed {
        _defeatLie();
    }

    /// @dev Two headers for one epoch, the next one or a pending one.
    function equivocate(uint256 seed) external timed {
        (uint64 lastPosted, uint64 lastFinalised, uint64 generation) = ledger.head();
        uint64 epoch = lastFinalised + 1 + uint64(seed % (lastPosted - lastFinalised + 1));
        (, uint64 itsGeneration,,) = ledger.headerAt(epoch);
        if (epoch > lastPosted) itsGeneration = generation;
        EpochHeader memory a = EpochHeader(epoch, itsGeneration, bytes32(seed), ledger.configDigest(), bytes32("a"));
        EpochHeader memory b = EpochHeader(epoch, itsGeneration, bytes32(seed), ledger.configDigest(), bytes32("b"));
        bytes memory data =
            abi.encodeCall(logJudge.challengeHeaders, (a, 3, quorum(a, 3), b, 5, quorum(b, 5), ledger.configVersion()));
        if (ledger.equivocationProven(epoch, itsGeneration)) return refuses(other, address(ledger), data);
        refuses(
            other,
            address(ledger),
            abi.encodeCall(logJudge.challengeHeaders, (a, 3, quorum(a, 3), a, 5, quorum(a, 5), ledger.configVersion()))
        );
        _won(data, epoch);
        refuses(other, address(ledger), data);
    }

    /// @dev Two attestations of one index. The key is dropped, and the operator takes another one at once.
    function promiseTwice(uint256 seed) external timed {
        (uint64 lastPosted, uint64 lastFinalised, uint64 generation) = ledger.head();
        UsageAttestation memory a = blank(crawlers[0].addr, ids[0]);
        a.logIndex = uint64(seed % (logSize + 2));
        a.generation = generation;
        UsageAttestation memory b = blank(crawlers[1].addr, ids[0]);
        (b.logIndex, b.generation) = (a.logIndex, generation);
        bytes memory data = abi.encodeCall(logJudge.challengeAttestations, (a, attest(a), b, attest(b)));
        uint64 epoch = lastFinalised + 1;
        while (epoch <= lastPosted && !_covers(epoch, generation, a.logIndex)) ++epoch;
        _won(data, epoch);
        refuses(other, address(ledger), data);
        attestor = makeAccount(string.concat("attestor", vm.toString(++_nonces)));
        uint64 version = ledger.latestVersion() + 1;
        vm.prank(admin);
        ledger.proposeConfig(version, 2, rootAddresses(), attestor.addr);
        ledger.activateConfig(version);
    }

    // ---- demands

    /// @dev Somebody asks for a leaf of a pending header's trees, or a party for the voucher of a pair.
    function demand(uint256 seed, uint256 which, bool debit) external timed {
        (uint64 lastPosted, uint64 lastFinalised,) = ledger.head();
        if (lastPosted == lastFinalised) return;
        Posted memory p = _load(lastFinalised + 1 + uint64(seed % (lastPosted - lastFinalised)));
        if ((debit ? p.debit : p.credit).parents.length == 0) return;
        if (seed % 3 == 2) _askVoucher(p, debit ? p.debit : p.credit, which);
        else _askNode(p, debit ? p.debit : p.credit, which, seed % 3 == 0);
    }

    function answerDemand(uint256 seed) external timed {
        if (asked.length == 0) return;
        uint256 at = seed % asked.length;
        if (_isPending(asked[at]) && block.timestamp <= asked[at].answerBy && asked[at].answerable) _answer(at);
        else if (!asked[at].answerable) return;
        else refuses(other, address(ledger), asked[at].answer);
    }

    function expireDemand(uint256 seed) external timed {
        if (asked.length == 0) return;
        uint256 at = seed % asked.length;
        if (_isPending(asked[at]) && block.timestamp <= asked[at].answerBy) {
            return refuses(other, address(ledger), asked[at].expire);
        }
        _expire(at);
    }

    // ---- lost bonds

    /// @dev For any pair of any voided header that has a pot.
    function claimHarm(uint256 seed, uint256 which) external timed {
        if (lost.length == 0) return;
        LostPot memory pot = lost[seed % lost.length];
        Posted memory p = abi.decode(pot.voided, (Posted));
        if (p.credit.parents.length == 0) return;
        uint256 i = which % p.credit.parents.length;
        PairProof memory pair = pairProof(p.credit, i, (which >> 8) % p.credit.pairs[i].length);
        (bytes memory data, uint256 share) = _claimOf(pot, p, pair);
        bytes32 key = keccak256(abi.encode(pot.headerHash, pair.pair.crawler, pair.pair.licenseId));
        bool due = share != 0 && !harmTaken[key] && block.timestamp <= pot.closesAt;
        // Of a header that lies it may be that no proof can be given.
        if (!due) return refuses(other, address(ledger), data);
        (bool ok,) = address(ledger).call(data);
        assertTrue(ok || p.lie);
        if (!ok) return;
        harmTaken[key] = true;
        lost[seed % lost.length].paid += share;
        assertLe(lost[seed % lost.length].paid, pot.amount / 6);
        _paidOrOwed(pair.pair.crawler, share / 2);
        _paidOrOwed(license.payoutOf(pair.pair.licenseId), share - share / 2);
        refuses(other, address(ledger), data);
        ++harmed;
    }

    function closePot(uint256 seed) external timed {
        if (lost.length == 0) return;
        uint256 at = seed % lost.length;
        bytes memory data = abi.encodeCall(bonds.closePot, (lost[at].headerHash));
        if (block.timestamp <= lost[at].closesAt) return refuses(other, address(ledger), data);
        _closePot(at);
        refuses(other, address(ledger), data);
    }

    function sendOwed(uint256 seed) external timed {
        address[6] memory some = [crawlers[0].addr, crawlers[1].addr, payouts[0], payouts[1], admin, address(this)];
        _sendOwed(some[seed % 6]);
    }

    // ---- roles and thieves

    function pauseEscrow(uint256 seed) external timed {
        bool paused = escrow.paused();
        refuses(other, address(escrow), paused ? abi.encodeCall(escrow.unpause, ()) : abi.encodeCall(escrow.pause, ()));
        if (!paused && seed % 3 != 0) return;
        vm.prank(admin);
        if (paused) escrow.unpause();
        else escrow.pause();
    }

    function donate(uint256 seed, uint256 amount) external timed {
        (address from, address to) = (crawlers[seed % CRAWLERS].addr, seed % 2 == 0 ? address(escrow) : address(ledger));
        if (!flows(from, to)) return;
        amount = bound(amount, 1, 1_000);
        vm.prank(from);
        usdc.transfer(to, amount);
        moved(from, to, amount);
        if (seed % 2 == 0) donatedToEscrow += amount;
        else donatedToLedger += amount;
    }

    /// @dev What nobody may do, whoever it is.
    function steal(uint256 who, uint256 seed) external timed {
        address thief = [admin, registrar, arbiter, publisher, roots[0].addr, attestor.addr][who % 6];
        refuses(thief, address(usdc), abi.encodeCall(usdc.transferFrom, (address(escrow), thief, 1)));
        refuses(thief, address(usdc), abi.encodeCall(usdc.transferFrom, (address(ledger), thief, 1)));
        refuses(thief, address(escrow), abi.encodeCall(escrow.payClaim, (ids[0], thief, 1)));
        refuses(thief, address(escrow), abi.encodeCall(escrow.withdraw, (thief, new CrawlerProof[](0))));
        refuses(admin, address(escrow), abi.encodeCall(escrow.setLedger, (ledger)));
        refuses(thief, address(escrow), abi.encodeCall(escrow.coverOverdraw, (thief, 1)));
        // Nobody is overdrawn, so the insurance stays where it is.
        refuses(thief, address(ledger), abi.encodeCall(bonds.coverOverdraw, (_anyDebit(seed))));
        refuses(thief, address(ledger), abi.encodeCall(bonds.closePot, (bytes32(seed))));
        refuses(thief, address(ledger), abi.encodeCall(bonds.sendOwed, (registrar)));
        refuses(
            thief, address(ledger.demandChallenges()), abi.encodeCall(demands.expireDemand, (_anyCommitted(seed), 0))
        );
        refuses(
            thief,
            address(ledger.settlementChallenges()),
            abi.encodeCall(treeJudge.challengeOverdraw, (_anyCommitted(seed), _noParent()))
        );
        if (thief == admin) return;
        refuses(thief, address(ledger), abi.encodeCall(ledger.noticeBond, (0)));
        refuses(
            thief, address(ledger), abi.encodeCall(ledger.proposeConfig, (9_999, 1, rootAddresses(), attestor.addr))
        );
    }

    // ---- the world

    /// @dev The operator and the watchers keep up: no lie gets old enough, and headers become final.
    function wait(uint256 seconds_) external timed {
        seconds_ = bound(seconds_, 1, WINDOW + 5);
        if (lieEpoch != 0) _defeatLie();
        (,,,,, uint64 closedAt) = ledger.finalised();
        if (block.timestamp + seconds_ > uint256(closedAt) + FALLBACK / 2) {
            // Who cannot pay a bond cannot post, and after the fallback what is billed may be gone.
            if (usdcPaused) _toggleUsdc();
            if (refused[admin]) _toggleRefused(admin);
            _endDemands();
            _settle();
        }
        skip(seconds_);
    }

    function refuse(uint256 seed) external timed {
        address[5] memory some = [crawlers[0].addr, crawlers[1].addr, payouts[0], payouts[1], admin];
        if (!usdcPaused) _toggleRefused(some[seed % 5]);
    }

    function pauseUsdc(uint256 seed) external timed {
        if (usdcPaused || seed % 4 == 0) _toggleUsdc();
    }

    // ---- what always holds

    function check() external timed {
        checkBooks();
        assertTrue(escrow.solvent());
        assertEq(usdc.balanceOf(address(escrow)), escrow.owed() + donatedToEscrow);
        assertEq(ledger.insurance(), insured);
        uint256 kept = uint256(ledger.bond()) + insured + asked.length * DEMAND_FEE + totalOwing;
        for (uint256 i = 0; i < lost.length; ++i) {
            (uint128 amount, uint88 paid_,) = ledger.pots(lost[i].headerHash);
            assertEq(amount, lost[i].amount);
            assertEq(paid_, lost[i].paid);
            kept += amount - paid_;
        }
        assertEq(usdc.balanceOf(address(ledger)), kept + donatedToLedger);
        _checkDemands();
        for (uint256 i = 0; i < holders.length; ++i) {
            assertEq(ledger.owed(holders[i]), owing[holders[i]]);
        }
        _checkMoney();
        _checkForward();
    }

    /// @dev Everybody takes out what is theirs: within the sum of the windows nothing is left but what was given away.
    function drain() external timed {
        _calm();
        if (lieEpoch != 0) _defeatLie();
        _endDemands();
        _settle();
        for (uint256 i = 0; i < CRAWLERS; ++i) {
            address who = crawlers[i].addr;
            if (deposits[who] == withdrawals[who]) continue;
            vm.prank(who);
            escrow.requestThaw(uint128(deposits[who] - withdrawals[who]));
        }
        skip(THAW);
        _settle();
        for (uint256 i = 0; i < LICENSES; ++i) {
            _claim(ids[i]);
        }
        for (uint256 i = 0; i < CRAWLERS; ++i) {
            _withdrawCredit(crawlers[i].addr);
        }
        uint128 bond = ledger.bond();
        if (bond != 0) {
            vm.prank(admin);
            ledger.noticeBond(bond);
            skip(BOND_NOTICE);
            vm.prank(admin);
            ledger.withdrawBond(admin);
            moved(address(ledger), admin, bond);
        }
        skip(POT + 1);
        while (lost.length != 0) {
            _closePot(0);
        }
        for (uint256 i = 0; i < CRAWLERS; ++i) {
            _sendOwed(crawlers[i].addr);
        }
        for (uint256 i = 0; i < LICENSES; ++i) {
            _sendOwed(payouts[i]);
        }
        _sendOwed(admin);
        _sendOwed(address(this));
        assertEq(totalOwing, 0);
        checkBooks();
        assertEq(usdc.balanceOf(address(escrow)), donatedToEscrow);
        assertEq(usdc.balanceOf(address(ledger)), insured + donatedToLedger);
    }

    function _checkMoney() private view {
        uint256 total = 0;
        for (uint256 i = 0; i < CRAWLERS; ++i) {
            address who = crawlers[i].addr;
            (uint128 deposited, uint128 withdrawn) = escrow.accounts(who);
            assertEq(deposited, deposits[who]);
            assertEq(withdrawn, withdrawals[who]);
            // What is billed is there, however much is withdrawn.
            assertLe(billed[who] + withdrawn, deposited);
            total += deposited - withdrawn;
        }
        assertEq(escrow.netDeposits(), total);
        total = 0;
        for (uint256 i = 0; i < LICENSES; ++i) {
            uint256 claimed = ledger.claimed(ids[i]);
            assertEq(claimed, paid[ids[i]]);
            total += claimed;
        }
        (,, uint256 out) = escrow.sums();
        assertEq(out, total);
        assertLe(total, ledger.finalisedCredit());
        assertLe(ledger.finalisedCredit(), totalBilled);
    }

    function _checkForward() private {
        Marks memory now_;
        (now_.lastPosted, now_.lastFinalised, now_.generation) = ledger.head();
        (,,,,, now_.closedAt) = ledger.finalised();
        now_.credit = ledger.finalisedCredit();
        (now_.deposited, now_.withdrawn, now_.claimed) = escrow.sums();
        now_.configVersion = ledger.configVersion();
        assertTrue(now_.generation > marks.generation || now_.lastPosted >= marks.lastPosted);
        assertLe(marks.generation, now_.generation);
        assertLe(marks.lastFinalised, now_.lastFinalised);
        assertLe(now_.lastFinalised, now_.lastPosted);
        assertLe(now_.lastPosted - now_.lastFinalised, ledger.RING_SIZE() - 1);
        assertLe(marks.closedAt, now_.closedAt);
        assertLe(marks.credit, now_.credit);
        assertLe(marks.deposited, now_.deposited);
        assertLe(marks.withdrawn, now_.withdrawn);
        assertLe(marks.claimed, now_.claimed);
        assertLe(marks.configVersion, now_.configVersion);
        marks = now_;
    }

    // ---- internals: headers

    function _header(Posted memory p) private view returns (Committed memory c) {
        SumNode memory none;
        c.body.logSize = logSize;
        c.body.logRoot = keccak256(abi.encode("log", logSize));
        put(c, p.credit);
        put(c, p.debit);
        if (p.credit.parents.length == 0) c.body.creditRoot = none.hash;
        c.body.totalDebit = c.body.totalCredit;
        c.body.rulesHash = keccak256("");
        c.body.dataCommitment = keccak256("data");
        c.body.closedAt = uint64(block.timestamp);
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        (bytes32 prev,,,) = ledger.headerAt(lastPosted);
        c.header = EpochHeader(lastPosted + 1, generation, prev, ledger.configDigest(), hashOf(c.body));
    }

    function _post() private {
        Posted memory p;
        p.pairs = book;
        (p.credit, p.debit) = (sideOf(p.pairs, false), sideOf(p.pairs, true));
        p.committed = _header(p);
        Committed memory c = p.committed;
        bytes memory data = abi.encodeCall(ledger.post, (c.header, c.body, 6, quorum(c.header, 6)));
        // The lie below says more than there is to say.
        bool shrinks = lieEpoch != 0 && c.body.totalCredit < _load(c.header.epoch - 1).committed.body.totalCredit;
        uint128 growth = c.body.totalCredit - ledger.finalisedCredit();
        if (growth > ledger.bond() && flows(admin, address(ledger))) _addToBond(growth - ledger.bond());
        if (_ringIsFull() || shrinks || growth > ledger.bond()) return refuses(other, address(ledger), data);
        refuses(other, address(ledger), abi.encodeCall(ledger.post, (c.header, c.body, 2, quorum(c.header, 2))));
        _sent(p, data);
        // Again does nothing.
        (bool ok,) = address(ledger).call(data);
        assertTrue(ok);
    }

    function _postLie(Posted memory p) private {
        p.committed = _header(p);
        Committed memory c = p.committed;
        bytes memory data = abi.encodeCall(ledger.post, (c.header, c.body, 5, quorum(c.header, 5)));
        uint128 growth = c.body.totalCredit - ledger.finalisedCredit();
        if (growth > ledger.bond() && flows(admin, address(ledger))) _addToBond(growth - ledger.bond());
        if (growth > ledger.bond() || c.body.totalCredit > escrow.netDeposits()) {
            return refuses(other, address(ledger), data);
        }
        lieEpoch = c.header.epoch;
        _sent(p, data);
    }

    function _sent(Posted memory p, bytes memory data) private {
        (bool ok,) = address(ledger).call(data);
        assertTrue(ok);
        (uint64 lastPosted,,) = ledger.head();
        assertEq(lastPosted, p.committed.header.epoch);
        posted[lastPosted] = abi.encode(p);
        lastSent = lastPosted;
        ++headers;
    }

    function _finalise(uint64 epoch) private {
        (bytes32 headerHash,, uint64 finalisableAt,) = ledger.headerAt(epoch);
        Posted memory p = _load(epoch);
        assertEq(headerHash, hashOf(p.committed.header));
        if (block.timestamp < finalisableAt) {
            return refuses(other, address(ledger), abi.encodeCall(ledger.finalise, (p.committed)));
        }
        (, uint64 lastFinalised,) = ledger.head();
        for (uint256 i = 0; i < asked.length; ++i) {
            if (!_isPending(asked[i]) || asked[i].epoch > epoch) continue;
            return refuses(other, address(ledger), abi.encodeCall(ledger.finalise, (p.committed)));
        }
        assertTrue(lieEpoch == 0 || epoch < lieEpoch);
        ledger.finalise(p.committed);
        ledger.finalise(p.committed);
        (, lastFinalised,) = ledger.head();
        assertEq(lastFinalised, epoch);
    }

    /// @dev What is used is billed, and final.
    function _settle() private {
        _post();
        skip(WINDOW);
        (uint64 lastPosted, uint64 lastFinalised,) = ledger.head();
        if (lastPosted != lastFinalised) _finalise(lastPosted);
    }

    function _defeatLie() private {
        if (lieEpoch == 0) return;
        Posted memory p = _load(lieEpoch);
        Published memory evidence;
        (evidence.target, evidence.credit, evidence.debit) = (p.committed, p.credit, p.debit);
        uint64 before = lieEpoch - 1;
        if (posted[before].length != 0) {
            Posted memory older = _load(before);
            evidence.hasPredecessor = true;
            evidence.predecessor = older.committed;
            (evidence.oldCredit, evidence.oldDebit) = (older.credit, older.debit);
        }
        (uint128 bond, uint64 epoch) = (ledger.bond(), lieEpoch);
        assertTrue(defeat(evidence));
        _voided(epoch, bond, address(this));
    }

    function _won(bytes memory data, uint64 epoch) private {
        uint128 bond = ledger.bond();
        (bool ok,) = address(ledger).call(data);
        assertTrue(ok);
        _voided(epoch, bond, address(this));
    }

    /// @dev This epoch and its successors are gone, and nothing else; the bond is lost.
    function _voided(uint64 epoch, uint128 bond, address challenger) private {
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        assertEq(lastPosted, epoch - 1);
        assertEq(generation, marks.generation + 1);
        marks.generation = generation;
        uint256 reward = uint256(bond) * 4 / 10;
        assertLe(reward * 2, bond);
        assertEq(ledger.bond(), 0);
        if (epoch > lastSent) {
            insured += bond - reward;
        } else if (bond != reward) {
            bytes32 headerHash = hashOf(_load(epoch).committed.header);
            lost.push(LostPot(headerHash, posted[epoch], posted[epoch - 1], bond - reward, 0, block.timestamp + POT));
        }
        lastSent = lastPosted;
        _paidOrOwed(challenger, reward);
        if (lieEpoch >= epoch) lieEpoch = 0;
        ++won;
    }

    // ---- internals: demands and lost bonds

    function _askNode(Posted memory p, Side memory s, uint256 which, bool parentOnly) private {
        uint256 i = which % s.parents.length;
        uint256 j = (which >> 8) % s.pairs[i].length;
        PairProof memory proof;
        if (parentOnly) (proof.index, proof.parent) = (Wire.NONE, parentProof(s, i));
        else proof = pairProof(s, i, j);
        Question memory q;
        (q.asker, q.kind, q.allowed) = (crawlers[which % CRAWLERS].addr, 4, true);
        q.subject = abi.encode(s.debit, uint64(i), proof.index);
        q.data = abi.encodeCall(demands.demandNode, (p.committed, s.debit, uint64(i), proof.index));
        q.answer = abi.encodeCall(demands.answerNode, (p.committed, s.debit, proof));
        _ask(p, q);
    }

    function _askVoucher(Posted memory p, Side memory s, uint256 which) private {
        if (p.lie) return;
        uint256 i = which % s.parents.length;
        uint256 j = (which >> 8) % s.pairs[i].length;
        PairLeaf memory pair = s.pairs[i][j];
        uint64 epoch = p.committed.header.epoch;
        Question memory q;
        (q.asker, q.kind) = (pair.crawler, 9);
        q.allowed = pair.lastLogIndex >= (epoch == 1 ? 0 : _load(epoch - 1).committed.body.logSize);
        q.subject = abi.encode(pair.crawler, pair.licenseId, pair.voucherHash, pair.cumulative);
        q.data = abi.encodeCall(demands.demandVoucher, (p.committed, s.debit, pairProof(s, i, j), noProof()));
        (, bytes memory signature) = _voucher(pair.crawler, pair.licenseId, pair.cumulative);
        CrawlVoucher memory voucher = CrawlVoucher(pair.crawler, pair.licenseId, pair.cumulative, 0);
        q.answer = abi.encodeCall(demands.answerVoucher, (p.committed, voucher, pair.cumulative, signature));
        refuses(registrar, address(ledger), q.data);
        _ask(p, q);
    }

    function _ask(Posted memory p, Question memory q) private {
        bytes32 headerHash = hashOf(p.committed.header);
        bytes32 demandId = keccak256(abi.encodePacked(headerHash, q.kind, q.subject));
        (,, uint64 finalisableAt,) = ledger.headerAt(p.committed.header.epoch);
        if (flows(q.asker, address(ledger))) {
            vm.prank(q.asker);
            usdc.approve(address(ledger), DEMAND_FEE);
        }
        bool inTime = block.timestamp + DEMAND <= finalisableAt;
        if (!q.allowed || !inTime || everAsked[demandId] || !flows(q.asker, address(ledger))) {
            return refuses(q.asker, address(ledger), q.data);
        }
        vm.prank(q.asker);
        (bool ok,) = address(ledger).call(q.data);
        assertTrue(ok);
        everAsked[demandId] = true;
        moved(q.asker, address(ledger), DEMAND_FEE);
        Asked storage a = asked.push();
        (a.asker, a.headerHash, a.epoch) = (q.asker, headerHash, p.committed.header.epoch);
        (a.answerBy, a.answerable, a.answer) = (uint64(block.timestamp) + DEMAND, !p.lie, q.answer);
        a.expire = abi.encodeCall(demands.expireDemand, (p.committed, demandId));
        refuses(q.asker, address(ledger), q.data);
    }

    function _answer(uint256 at) private {
        (bool ok,) = address(ledger).call(asked[at].answer);
        assertTrue(ok);
        refuses(other, address(ledger), asked[at].answer);
        _paidOrOwed(admin, DEMAND_FEE);
        _forget(at);
        ++answered;
    }

    function _expire(uint256 at) private {
        Asked memory a = asked[at];
        bool pending = _isPending(a);
        uint128 bond = ledger.bond();
        (bool ok,) = address(ledger).call(a.expire);
        assertTrue(ok);
        _forget(at);
        if (pending) _voided(a.epoch, bond, a.asker);
        _paidOrOwed(a.asker, DEMAND_FEE);
        refuses(other, address(ledger), a.expire);
        ++expired;
    }

    /// @dev The operator answers what it still can, and the rest is voided.
    function _endDemands() private {
        while (asked.length != 0) {
            Asked memory a = asked[0];
            bool pending = _isPending(a);
            if (pending && block.timestamp <= a.answerBy && a.answerable) {
                _answer(0);
                continue;
            }
            if (pending && block.timestamp <= a.answerBy) vm.warp(a.answerBy + 1);
            _expire(0);
        }
    }

    function _forget(uint256 at) private {
        asked[at] = asked[asked.length - 1];
        asked.pop();
    }

    function _isPending(Asked memory a) private view returns (bool) {
        (, uint64 lastFinalised,) = ledger.head();
        (bytes32 headerHash,,,) = ledger.headerAt(a.epoch);
        return a.epoch > lastFinalised && headerHash == a.headerHash;
    }

    /// @dev The ledger counts those of pending headers only.
    function _checkDemands() private view {
        uint256 pending = 0;
        for (uint256 i = 0; i < asked.length; ++i) {
            if (_isPending(asked[i])) ++pending;
        }
        assertEq(ledger.openDemands(), pending);
    }

    function _claimOf(LostPot memory pot, Posted memory p, PairProof memory pair)
        private
        view
        returns (bytes memory data, uint256 share)
    {
        PairProof memory was;
        PairGap memory gap;
        Committed memory before;
        uint256 total = p.committed.body.totalCredit;
        if (pot.predecessor.length != 0) {
            Posted memory older = abi.decode(pot.predecessor, (Posted));
            before = older.committed;
            total -= before.body.totalCredit;
            (was, gap) = nowOf(older.credit, pair.pair.crawler, pair.pair.licenseId);
        }
        data = abi.encodeCall(bonds.claimHarm, (p.committed, before, pair, was, gap));
        uint256 limit = pot.amount / 6 < total ? pot.amount / 6 : total;
        if (total == 0 || pair.pair.cumulative <= was.pair.cumulative) return (data, 0);
        share = limit * (pair.pair.cumulative - was.pair.cumulative) / total;
        if (share > limit - pot.paid) share = limit - pot.paid;
    }

    function _closePot(uint256 at) private {
        bonds.closePot(lost[at].headerHash);
        insured += lost[at].amount - lost[at].paid;
        lost[at] = lost[lost.length - 1];
        lost.pop();
    }

    /// @dev What the ledger sends, or keeps while USDC refuses.
    function _paidOrOwed(address to, uint256 amount) private {
        if (flows(address(ledger), to)) return moved(address(ledger), to, amount);
        owing[to] += amount;
        totalOwing += amount;
    }

    function _sendOwed(address to) private {
        bytes memory data = abi.encodeCall(bonds.sendOwed, (to));
        uint256 amount = owing[to];
        if (amount == 0 || !flows(address(ledger), to)) return refuses(other, address(ledger), data);
        (bool ok,) = address(ledger).call(data);
        assertTrue(ok);
        owing[to] = 0;
        totalOwing -= amount;
        moved(address(ledger), to, amount);
    }

    /// @dev A crawler's consent to exactly so much.
    function _voucher(address who, uint256 licenseId, uint128 max)
        private
        view
        returns (bytes32 digest, bytes memory signature)
    {
        bytes32 hash = keccak256(
            abi.encode(
                keccak256("CrawlVoucher(address crawler,uint256 licenseId,uint128 cumulativeMax,bytes32 termsHash)"),
                CrawlVoucher(who, licenseId, max, 0)
            )
        );
        digest = keccak256(abi.encodePacked("\x19\x01", escrow.domainSeparator(), hash));
        for (uint256 i = 0; i < CRAWLERS; ++i) {
            if (crawlers[i].addr == who) signature = sign(crawlers[i], digest);
        }
    }

    function _anyDebit(uint256 seed) private view returns (CrawlerProof memory proof) {
        if (!_hasFinalised()) return proof;
        Side memory s = _finalisedSide(true);
        if (s.parents.length != 0) proof = _crawlerProof(s, seed % s.parents.length);
    }

    function _covers(uint64 epoch, uint64 generation, uint64 logIndex) private view returns (bool) {
        (, uint64 itsGeneration,,) = ledger.headerAt(epoch);
        return itsGeneration == generation && _load(epoch).committed.body.logSize > logIndex;
    }

    function _ringIsFull() private view returns (bool) {
        (uint64 lastPosted, uint64 lastFinalised,) = ledger.head();
        return lastPosted + 1 - lastFinalised >= ledger.RING_SIZE();
    }

    function _load(uint64 epoch) private view returns (Posted memory) {
        return abi.decode(posted[epoch], (Posted));
    }

    function _hasFinalised() private view returns (bool) {
        (, uint64 lastFinalised,) = ledger.head();
        return lastFinalised != 0;
    }

    function _finalisedSide(bool debit) private view returns (Side memory) {
        (, uint64 lastFinalised,) = ledger.head();
        Posted memory p = _load(lastFinalised);
        return debit ? p.debit : p.credit;
    }

    function _anyCommitted(uint256 seed) private view returns (Committed memory c) {
        (uint64 lastPosted,,) = ledger.head();
        if (lastPosted != 0) c = _load(1 + uint64(seed % lastPosted)).committed;
    }

    // ---- internals: money

    function _bill(address who, uint256 licenseId, uint256 amount) private {
        bytes32 key = keccak256(abi.encode(who, licenseId));
        if (placeOf[key] == 0) {
            PairLeaf storage added = book.push();
            (added.crawler, added.licenseId) = (who, licenseId);
            placeOf[key] = book.length;
        }
        PairLeaf storage pair = book[placeOf[key] - 1];
        pair.cumulative += uint128(amount);
        pair.lastPairSeq += 1;
        pair.lastLogIndex = logSize++;
        (pair.voucherHash,) = _voucher(who, licenseId, pair.cumulative);
        billed[who] += amount;
        totalBilled += amount;
    }

    function _claim(uint256 licenseId) private {
        if (!_hasFinalised()) return;
        Side memory credit = _finalisedSide(false);
        (uint256 i, bool found) = place(parentKeys(credit), licenseId);
        if (!found) return;
        uint256 due = _due(credit.parents[i]);
        LicenseProof memory proof = _licenseProof(credit, i);
        bytes memory data = abi.encodeCall(ledger.claim, (proof.leaf, proof.index, proof.path));
        address to = license.payoutOf(licenseId);
        if (due == 0 || !flows(to, address(escrow))) return refuses(other, address(ledger), data);
        assertEq(ledger.claim(proof.leaf, proof.index, proof.path), due);
        refuses(other, address(ledger), data);
        paid[licenseId] += due;
        moved(address(escrow), to, due);
    }

    function _due(ParentLeaf memory parent) private view returns (uint256) {
        return parent.cumulative - paid[parent.key];
    }

    function _licenseProof(Side memory credit, uint256 i) private pure returns (LicenseProof memory) {
        ParentProof memory proof = parentProof(credit, i);
        ParentLeaf memory leaf = proof.leaf;
        return
            LicenseProof(LicenseLeaf(leaf.key, leaf.cumulative, leaf.pairCount, leaf.pairRoot), proof.index, proof.path);
    }

    /// @dev The crawler's own leaf in the last finalised debit tree, or its neighbours.
    function _debitProofs(address who) private view returns (CrawlerProof[] memory proofs, uint256 debit) {
        if (!_hasFinalised()) return (proofs, 0);
        Side memory side_ = _finalisedSide(true);
        uint256 key = uint160(who);
        (uint256 i, bool found) = place(parentKeys(side_), key);
        if (found) {
            proofs = new CrawlerProof[](1);
            proofs[0] = _crawlerProof(side_, i);
            return (proofs, side_.parents[i].cumulative);
        }
        uint256 from = i == 0 ? 0 : i - 1;
        uint256 to = i < side_.parents.length ? i + 1 : i;
        proofs = new CrawlerProof[](to - from);
        for (uint256 k = from; k < to; ++k) {
            proofs[k - from] = _crawlerProof(side_, k);
        }
    }

    function _crawlerProof(Side memory side_, uint256 i) private pure returns (CrawlerProof memory) {
        ParentProof memory proof = parentProof(side_, i);
        ParentLeaf memory leaf = proof.leaf;
        return CrawlerProof(
            CrawlerLeaf(address(uint160(leaf.key)), leaf.cumulative, leaf.pairCount, leaf.pairRoot),
            proof.index,
            proof.path
        );
    }

    function _withdrawCredit(address who) private {
        (uint128 thawing, uint64 requestedAt, uint64 endsAt) = escrow.thaws(who);
        (,,,,, uint64 closedAt) = ledger.finalised();
        (CrawlerProof[] memory proofs, uint256 debit) = _debitProofs(who);
        uint256 amount = deposits[who] - withdrawals[who] - debit;
        if (amount > thawing) amount = thawing;
        bytes memory data = abi.encodeCall(escrow.withdraw, (who, proofs));
        bool ready = thawing != 0 && block.timestamp >= endsAt && closedAt > requestedAt + THAW / 2;
        if (!ready || amount == 0 || !flows(who, address(escrow))) return refuses(who, address(escrow), data);
        vm.prank(who);
        assertEq(escrow.withdraw(who, proofs), amount);
        withdrawals[who] += amount;
        moved(address(escrow), who, amount);
    }

    function _addToBond(uint128 amount) private {
        bytes memory data = abi.encodeCall(ledger.depositBond, (amount));
        if (!flows(admin, address(ledger))) return refuses(admin, address(ledger), data);
        vm.prank(admin);
        ledger.depositBond(amount);
        moved(admin, address(ledger), amount);
    }

    function _byAuthorization(Account memory who, uint256 amount) private returns (bytes memory) {
        bytes32 nonce = bytes32(++_nonces);
        bytes memory signature = sign(who, receiveDigest(who.addr, address(escrow), amount, BEFORE, nonce));
        return abi.encodeWithSelector(
            bytes4(keccak256("depositWithAuthorization(address,uint256,uint256,uint256,bytes32,bytes)")),
            who.addr,
            amount,
            0,
            BEFORE,
            nonce,
            signature
        );
    }

    /// @dev Somebody may hand the permit in first.
    function _byPermit(Account memory who, uint256 amount, bool frontRun) private returns (bytes memory) {
        (bytes32 r, bytes32 s, uint8 v) = split(sign(who, permitDigest(who.addr, address(escrow), amount, BEFORE)));
        if (frontRun) usdc.permit(who.addr, address(escrow), amount, BEFORE, v, r, s);
        return abi.encodeCall(escrow.depositWithPermit, (who.addr, amount, BEFORE, v, r, s));
    }

    function _grant(address who, Account memory signer, uint64 expiry) private view returns (bytes memory) {
        bytes32 typehash = keccak256("SignerGrant(address crawler,address signer,uint64 expiry)");
        bytes32 hash = keccak256(abi.encode(typehash, who, signer.addr, expiry));
        return sign(signer, keccak256(abi.encodePacked("\x19\x01", escrow.domainSeparator(), hash)));
    }

    function _noParent() private pure returns (ParentProof memory proof) {}
}
