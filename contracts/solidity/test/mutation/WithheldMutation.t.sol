// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CrawlVoucher, PairProof, UsageAttestation} from "../../src/lib/Types.sol";
import {Wire} from "../../src/lib/Wire.sol";
import {LedgerTest} from "../base/LedgerTest.sol";
import {DemandTest} from "../base/DemandTest.sol";
import {Trees} from "../base/Trees.sol";
import {MutationTest} from "./MutationTest.sol";

/// @notice An honest epoch of which one thing can't be shown, or to which somebody did not consent: whoever is named in it,
/// or anyone, demands it, nothing that the operator has answers, and the header is void. And of a whole honest epoch
/// everything that can be demanded is answered.
/// forge-config: default.fuzz.runs = 10
/// forge-config: full.fuzz.runs = 250
contract WithheldMutationTest is MutationTest, DemandTest {
    function setUp() public override(MutationTest, LedgerTest) {
        super.setUp();
    }

    // ---- withheld

    /// @dev A root that nobody can open, on either side.
    function testFuzz_withheldTree(uint256 value) public {
        Published memory p = _consented(value);
        bool debit = coin();
        prepare(p);
        if (debit) p.target.body.debitRoot = keccak256(abi.encode(value));
        else p.target.body.creditRoot = keccak256(abi.encode(value));
        assertTrue(tryPost(p.target));
        Side memory s = debit ? p.debit : p.credit;
        uint64 i = uint64(random(s.parents.length));
        uint64 j = coin() ? Wire.NONE : uint64(random(s.pairs[i].length));
        bytes32 demandId = askNode(other, p.target, debit, i, j);
        _answerAll(p);
        _expires(p, demandId);
    }

    /// @dev The pairs of one parent are not shown: its root is another.
    function testFuzz_withheldPairs(uint256 value) public {
        Published memory p = _consented(value);
        bool debit = coin();
        Side memory s = debit ? p.debit : p.credit;
        uint256 i = random(s.parents.length);
        s.parents[i].pairRoot = keccak256(abi.encode(value));
        prepare(p);
        assertTrue(tryPost(p.target));
        bytes32 demandId = askNode(other, p.target, debit, uint64(i), uint64(random(s.pairs[i].length)));
        _answerAll(p);
        _expires(p, demandId);
    }

    /// @dev The log's root is not one of the log: nobody can show where a promised line stands.
    function testFuzz_withheldLog(uint256 value) public {
        Published memory p = _consented(value);
        prepare(p);
        p.target.body.logRoot = keccak256(abi.encode(value));
        assertTrue(tryPost(p.target));
        bytes32 demandId = askLine(other, p.target, uint64(newLine(p)));
        _answerAll(p);
        _expires(p, demandId);
    }

    /// @dev A line was promised otherwise, and what stands in its place is not shown.
    function testFuzz_withheldLine(uint256 value) public {
        Published memory p = _consented(value);
        uint256 at = newLine(p);
        UsageAttestation memory a = lines[at];
        lines[at].contentId = keccak256(abi.encode(value));
        prepare(p);
        assertTrue(tryPost(p.target));
        bytes32 demandId = idOf(p.target, LINE, abi.encode(logLeaf(a)));
        ask(other, abi.encodeCall(demands.demandLine, (p.target, a, attest(a))));
        _answerAll(p);
        _expires(p, demandId);
    }

    /// @dev A pair leaf names a wrong line as its last. If that is shown, it tells (C5); else the demand expires.
    function testFuzz_withheldReference(uint256 value) public {
        Published memory p = _consented(value);
        PairLeaf_ memory at = _pick(p);
        uint64 wrong = uint64((at.lastLogIndex + 1 + random(lines.length - 1)) % lines.length);
        p.credit.pairs[at.i][at.j].lastLogIndex = wrong;
        sum(p.credit, at.i);
        prepare(p);
        assertTrue(tryPost(p.target));
        PairProof memory proof = pairProof(p.credit, at.i, at.j);
        bytes32 demandId = askLast(at.crawler, p.target, false, proof);
        if (coin()) {
            demands.answerReference(p.target, logProof(wrong));
            assertFalse(isOpen(p.target, demandId));
            assertDefeated(
                p, attack(abi.encodeCall(treeJudge.challengePairLeaf, (p.target, false, proof, logProof(wrong))))
            );
        } else {
            _expires(p, demandId);
        }
    }

    // ---- consent

    /// @dev A line names a voucher that does not exist.
    function testFuzz_noVoucher(uint256 value) public {
        Published memory p = _consented(value);
        uint256 at = _newCredit(p);
        lines[at].paymentRef = bytes32(another(uint256(lines[at].paymentRef), type(uint256).max));
        _postAgain(p);
        bytes32 demandId = askConsent(coin() ? lines[at].crawler : _holder(lines[at].licenseId), p.target, uint64(at));
        _answerAll(p);
        _expires(p, demandId);
    }

    /// @dev A line bills more than its voucher allows.
    function testFuzz_voucherTooLow(uint256 value) public {
        Published memory p = _consented(value);
        uint256 at = _newCredit(p);
        CrawlVoucher memory low = _voucherOf(lines[at]);
        low.cumulativeMax -= uint128(1 + random(low.cumulativeMax));
        lines[at].paymentRef = digestOf(low);
        _postAgain(p);
        bytes32 demandId = askConsent(lines[at].crawler, p.target, uint64(at));
        _tryVoucher(p, low, lines[at].pairCumulative, lines[at].crawler);
        _tryVoucher(p, low, low.cumulativeMax, lines[at].crawler);
        _answerAll(p);
        _expires(p, demandId);
    }

    /// @dev A line names the voucher of another pair, which does allow so much.
    function testFuzz_voucherOfAnother(uint256 value) public {
        Published memory p = _consented(value);
        uint256 at = _newCredit(p);
        CrawlVoucher memory its = _voucherOf(lines[at]);
        its.cumulativeMax = type(uint128).max;
        if (coin()) its.licenseId = ids[random(3)] + 17;
        else its.crawler = its.crawler == crawlers[0] ? crawlers[1 + random(3)] : crawlers[0];
        lines[at].paymentRef = digestOf(its);
        _postAgain(p);
        bytes32 demandId = askConsent(lines[at].crawler, p.target, uint64(at));
        _tryVoucher(p, its, lines[at].pairCumulative, its.crawler);
        _answerAll(p);
        _expires(p, demandId);
    }

    /// @dev A voucher is signed by one whom the crawler has not registered, or no more, or not yet.
    function testFuzz_voucherBySomebody(uint256 value) public {
        Published memory p = _consented(value);
        uint256 at = _newCredit(p);
        UsageAttestation memory a = lines[at];
        Account memory signer = makeAccount("somebody");
        uint256 way = random(3);
        if (way == 1) {
            register(_account(a.crawler), signer, uint64(block.timestamp) + 1);
            skip(1);
        }
        _postAgain(p);
        if (way == 2) {
            skip(1);
            register(_account(a.crawler), signer, uint64(block.timestamp) + 100);
        }
        bytes32 demandId = askConsent(a.crawler, p.target, uint64(at));
        bytes memory signature = sign(signer, a.paymentRef);
        CrawlVoucher memory voucher = _voucherOf(a);
        assertFalse(attack(abi.encodeCall(demands.answerVoucher, (p.target, voucher, a.pairCumulative, signature))));
        _expires(p, demandId);
    }

    /// @dev A pair that its crawler never used, in log and trees as if it had.
    function testFuzz_madeUpPair(uint256 value) public {
        Published memory p = _consented(value);
        Account memory victim = makeAccount("victim");
        deposit(victim.addr, 1_000);
        skip(1);
        use(victim.addr, ids[random(3)], 1, uint128(1 + random(999)));
        uint256 at = lines.length - 1;
        _postAgain(p);
        bytes32 demandId;
        if (coin()) {
            demandId = askConsent(victim.addr, p.target, uint64(at));
        } else {
            (, uint256 i, uint256 j) = find(p.debit, victim.addr, lines[at].licenseId);
            demandId = askPairConsent(victim.addr, p.target, true, pairProof(p.debit, i, j));
        }
        _answerAll(p);
        _expires(p, demandId);
    }

    // ---- what is honest

    /// @dev All that can be demanded of an honest epoch is answered, and it becomes final.
    function testFuzz_honest_everyDemandIsAnswered(uint256 value) public {
        Published memory p = _consented(value);
        _postAgain(p);
        uint256 count = 0;
        for (uint256 i = oldSize(p); i < lines.length; ++i) {
            UsageAttestation memory a = lines[i];
            askLine(other, p.target, uint64(i));
            ++count;
            if (a.rail != Wire.CREDIT) continue;
            askConsent(coin() ? a.crawler : _holder(a.licenseId), p.target, uint64(i));
            if (a.pairPrevIndex != Wire.NONE && !_asked(p, REFERENCE, abi.encode(a.pairPrevIndex))) {
                askPrevious(a.crawler, p.target, uint64(i));
                ++count;
            }
            ++count;
        }
        count += _askTree(p, p.credit) + _askTree(p, p.debit);
        assertEq(ledger.openDemands(), count);
        _answerAll(p);
        assertEq(ledger.openDemands(), 0);
        skip(WINDOW);
        ledger.finalise(p.target);
        assertEq(ledger.bond(), BOND);
        assertEq(usdc.balanceOf(admin), count * DEMAND_FEE);
    }

    function _askTree(Published memory p, Side memory s) private returns (uint256 count) {
        for (uint64 i = 0; i < s.parents.length; ++i) {
            askNode(other, p.target, s.debit, i, Wire.NONE);
            // One behind the last is asked for too.
            for (uint64 j = 0; j <= s.pairs[i].length; ++j) {
                askNode(other, p.target, s.debit, i, j);
                ++count;
            }
            ++count;
            for (uint64 j = 0; j < s.pairs[i].length; ++j) {
                if (_asked(p, REFERENCE, abi.encode(s.pairs[i][j].lastLogIndex))) continue;
                askLast(s.pairs[i][j].crawler, p.target, s.debit, pairProof(s, i, j));
                ++count;
            }
        }
    }

    function _asked(Published memory p, uint8 kind, bytes memory subject) private view returns (bool) {
        (address asker,,,) = ledger.demands(hashOf(p.target.header), idOf(p.target, kind, subject));
        return asker != address(0);
    }

    // ---- the operator, who answers whatever it can

    function _answerAll(Published memory p) private {
        for (uint64 i = 0; i < lines.length; ++i) {
            UsageAttestation memory a = lines[i];
            attack(abi.encodeCall(demands.answerLine, (p.target, a, Trees.logPath(logLeaves(), i))));
            attack(abi.encodeCall(demands.answerReference, (p.target, logProof(i))));
            if (i >= oldSize(p) && a.rail == Wire.CREDIT) _tryVoucher(p, _voucherOf(a), a.pairCumulative, a.crawler);
        }
        _answerTree(p, p.credit);
        _answerTree(p, p.debit);
    }

    function _answerTree(Published memory p, Side memory s) private {
        for (uint256 i = 0; i < s.parents.length; ++i) {
            PairProof memory proof;
            (proof.index, proof.parent) = (Wire.NONE, parentProof(s, i));
            attack(abi.encodeCall(demands.answerNode, (p.target, s.debit, proof)));
            proof.index = uint64(s.pairs[i].length);
            attack(abi.encodeCall(demands.answerNode, (p.target, s.debit, proof)));
            for (uint256 j = 0; j < s.pairs[i].length; ++j) {
                attack(abi.encodeCall(demands.answerNode, (p.target, s.debit, pairProof(s, i, j))));
            }
        }
    }

    function _tryVoucher(Published memory p, CrawlVoucher memory voucher, uint128 cumulative, address who) private {
        bytes memory signature = sign(_account(who), digestOf(voucher));
        attack(abi.encodeCall(demands.answerVoucher, (p.target, voucher, cumulative, signature)));
    }

    // ---- helpers

    /// @dev An honest epoch whose new lines name vouchers for exactly what they come to.
    function _consented(uint256 value) private returns (Published memory p) {
        p = honest(value);
        for (uint256 i = oldSize(p); i < lines.length; ++i) {
            if (lines[i].rail == Wire.CREDIT) lines[i].paymentRef = digestOf(_voucherOf(lines[i]));
        }
        (p.credit, p.debit) = (side(false), side(true));
    }

    function _voucherOf(UsageAttestation memory a) private pure returns (CrawlVoucher memory) {
        return CrawlVoucher(a.crawler, a.licenseId, a.pairCumulative, TERMS);
    }

    function _postAgain(Published memory p) private {
        (p.credit, p.debit) = (side(false), side(true));
        prepare(p);
        assertTrue(tryPost(p.target));
    }

    /// @dev Nothing answered it: it is open, its time ends, and the header is void.
    function _expires(Published memory p, bytes32 demandId) private {
        assertTrue(isOpen(p.target, demandId));
        skip(DEMAND);
        assertFalse(attack(abi.encodeCall(demands.expireDemand, (p.target, demandId))));
        skip(1);
        assertDefeated(p, attack(abi.encodeCall(demands.expireDemand, (p.target, demandId))));
    }

    /// @dev Some CREDIT line that the target is the first to cover; the last line is one.
    function _newCredit(Published memory p) private returns (uint256 at) {
        at = newLine(p);
        if (lines[at].rail != Wire.CREDIT) at = lines.length - 1;
    }

    struct PairLeaf_ {
        uint256 i;
        uint256 j;
        address crawler;
        uint64 lastLogIndex;
    }

    function _pick(Published memory p) private returns (PairLeaf_ memory at) {
        at.i = random(p.credit.parents.length);
        at.j = random(p.credit.pairs[at.i].length);
        (at.crawler, at.lastLogIndex) = (p.credit.pairs[at.i][at.j].crawler, p.credit.pairs[at.i][at.j].lastLogIndex);
    }

    function _account(address who) private returns (Account memory) {
        if (who == crawler.addr) return crawler;
        if (who == crawlerB.addr) return crawlerB;
        Account memory c = makeAccount("crawlerC");
        if (who == c.addr) return c;
        Account memory d = makeAccount("crawlerD");
        return who == d.addr ? d : makeAccount("victim");
    }

    function _holder(uint256 licenseId) private view returns (address) {
        return license.ownerOf(licenseId);
    }
}
