// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Committed, LogProof, UsageAttestation} from "../../src/lib/Types.sol";
import {Wire} from "../../src/lib/Wire.sol";
import {Trees} from "../base/Trees.sol";
import {MutationTest} from "./MutationTest.sol";

/// @notice One change to a line of an honest epoch's log, to the order or the length of the log, or to its past: whoever
/// was promised the line, or an auditor who has the log, wins a challenge. The settlement trees stay honest.
/// forge-config: default.fuzz.runs = 10
/// forge-config: full.fuzz.runs = 250
contract LogMutationTest is MutationTest {
    // ---- C1: a line that was promised otherwise, in any field

    function testFuzz_promisedLine(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = newLine(p);
        lines[at] = changed(lines[at], random(FIELDS));
        _post(p);
        assertDefeated(p, _challengePromise(p, promised[at], logLeaf(lines[at]), logProof(uint64(at)).path));
    }

    /// @dev Two lines change places, so that each promise finds the other's leaf.
    function testFuzz_promisedPlace(uint256 value) public {
        Published memory p = honest(value);
        uint256 old = oldSize(p);
        uint256 a = newLine(p);
        uint256 b = old + (a - old + 1 + random(lines.length - old - 1)) % (lines.length - old);
        lines[a] = promised[b];
        lines[b] = promised[a];
        _post(p);
        assertDefeated(p, _challengePromise(p, promised[a], logLeaf(lines[a]), logProof(uint64(a)).path));
    }

    /// @dev The log says that it is shorter than it is: where its shape has a leaf stands a node over some.
    function testFuzz_logCutShort(uint256 value) public {
        Published memory p = honest(value);
        uint256 old = oldSize(p);
        uint256 size = old + 1 + random(lines.length - old - 1);
        prepare(p);
        p.target.body.logSize = uint64(size);
        assertTrue(tryPost(p.target));
        bool won = false;
        for (uint256 i = old; i < size && !won; ++i) {
            (bytes32 found, bytes32[] memory path) = _nodeAt(i, size);
            won = _challengePromise(p, promised[i], found, path);
        }
        for (uint256 i = 0; i < old && !won; ++i) {
            (bytes32 found, bytes32[] memory path) = _nodeAt(i, size);
            won = _challengeRewrite(p, i, found, path);
        }
        assertDefeated(p, won);
    }

    // ---- C3, C4, C5: a line that breaks a rule, attested as it stands, so that no promise tells

    function testFuzz_lineIndex(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = newLine(p);
        lines[at].logIndex = uint64(another(at, type(uint64).max));
        _judge(p);
    }

    function testFuzz_lineRail(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = newLine(p);
        lines[at].rail = uint8(another(lines[at].rail, type(uint8).max));
        _judge(p);
    }

    function testFuzz_lineParty(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = _creditLine(p);
        address who = lines[at].crawler;
        if (coin()) lines[at].licenseId = another(lines[at].licenseId, coin() ? 4 : type(uint64).max);
        else if (coin()) lines[at].crawler = address(uint160(another(uint160(who), type(uint160).max)));
        else lines[at].crawler = who == crawlers[0] ? crawlers[1 + random(3)] : crawlers[0];
        _judge(p);
    }

    function testFuzz_lineAmount(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = _creditLine(p);
        uint256 way = random(3);
        if (way == 0) lines[at].units = uint64(another(lines[at].units, type(uint64).max));
        else if (way == 1) lines[at].unitPrice = uint128(another(lines[at].unitPrice, type(uint128).max));
        else lines[at].pairCumulative = uint128(another(lines[at].pairCumulative, type(uint128).max));
        _judge(p);
    }

    function testFuzz_linePairSeq(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = _creditLine(p);
        lines[at].pairSeq = uint64(another(lines[at].pairSeq, type(uint64).max));
        _judge(p);
    }

    function testFuzz_linePairPrevious(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = _creditLine(p);
        lines[at].pairPrevIndex = uint64(another(lines[at].pairPrevIndex, coin() ? lines.length : type(uint64).max));
        _judge(p);
    }

    /// @dev The last line of its pair names another voucher than the pair leaf.
    function testFuzz_lineVoucher(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = lines.length - 1;
        lines[at].paymentRef = bytes32(another(uint256(lines[at].paymentRef), type(uint256).max));
        _judge(p);
    }

    function testFuzz_requestTwice(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = newLine(p);
        UsageAttestation memory twin = promised[random(at + 1)];
        if (coin()) useDirect(twin.crawler, twin.licenseId);
        else use(twin.crawler, twin.licenseId, 1, 1);
        lines[lines.length - 1].requestId = twin.requestId;
        (p.credit, p.debit) = (side(false), side(true));
        _judge(p);
    }

    function testFuzz_paymentTwice(uint256 value) public {
        Published memory p = honest(value);
        uint256 at = lines.length - 2;
        useDirect(crawlers[random(4)], ids[random(3)]);
        lines[lines.length - 1].paymentRef = lines[at].paymentRef;
        _judge(p);
    }

    /// @dev One line comes twice, or one in the middle is left out, and what follows moves.
    function testFuzz_lineOutOfPlace(uint256 value) public {
        Published memory p = honest(value);
        if (coin()) {
            lines.push(lines[newLine(p)]);
        } else {
            uint256 old = oldSize(p);
            for (uint256 i = old + random(lines.length - old - 1); i + 1 < lines.length; ++i) {
                lines[i] = lines[i + 1];
            }
            lines.pop();
        }
        _judge(p);
    }

    // ---- C8: another past

    function testFuzz_rewrittenLine(uint256 value) public {
        Published memory p = _withPast(value);
        uint256 at = random(oldSize(p));
        lines[at] = changed(lines[at], random(FIELDS));
        _post(p);
        assertDefeated(p, _challengeRewrite(p, at, logLeaf(lines[at]), logProof(uint64(at)).path));
    }

    /// @dev A line comes in or goes, and the past after it moves.
    function testFuzz_movedPast(uint256 value) public {
        Published memory p = _withPast(value);
        uint256 at = random(oldSize(p));
        if (coin()) {
            lines.push(lines[at]);
            for (uint256 i = lines.length - 1; i > at; --i) {
                lines[i] = promised[i - 1];
            }
            lines[at].contentId = keccak256("put in");
        } else {
            for (uint256 i = at; i + 1 < lines.length; ++i) {
                lines[i] = promised[i + 1];
            }
            lines.pop();
        }
        _post(p);
        assertDefeated(p, _challengeRewrite(p, at, logLeaf(lines[at]), logProof(uint64(at)).path));
    }

    // ---- the auditor of a log

    /// @dev All that the log's own rules can be broken by, and then the settlement against the log.
    function _judge(Published memory p) private {
        _post(p);
        assertDefeated(p, _tryChains(p) || _tryTwice(p) || defeat(p));
    }

    function _tryChains(Published memory p) private returns (bool) {
        for (uint64 i = 0; i < lines.length; ++i) {
            uint64 before = lines[i].pairPrevIndex;
            LogProof memory prev = before < lines.length ? logProof(before) : noProof();
            if (attack(abi.encodeCall(logJudge.challengePairChain, (p.target, logProof(i), prev)))) return true;
        }
        return false;
    }

    function _tryTwice(Published memory p) private returns (bool) {
        for (uint64 i = 0; i < lines.length; ++i) {
            for (uint64 j = i + 1; j < lines.length; ++j) {
                if (attack(abi.encodeCall(logJudge.challengeDuplicate, (p.target, logProof(i), logProof(j))))) {
                    return true;
                }
            }
        }
        return false;
    }

    function _challengePromise(Published memory p, UsageAttestation memory a, bytes32 found, bytes32[] memory path)
        private
        returns (bool)
    {
        return attack(abi.encodeCall(logJudge.challengePromise, (p.target, a, attest(a), found, path)));
    }

    function _challengeRewrite(Published memory p, uint256 at, bytes32 found, bytes32[] memory path)
        private
        returns (bool)
    {
        bytes32[] memory older = new bytes32[](oldSize(p));
        for (uint256 i = 0; i < older.length; ++i) {
            older[i] = logLeaf(promised[i]);
        }
        return attack(
            abi.encodeCall(
                logJudge.challengeRewrite,
                (p.target, p.predecessor, uint64(at), older[at], Trees.logPath(older, at), found, path)
            )
        );
    }

    // ---- helpers

    function _post(Published memory p) private {
        prepare(p);
        assertTrue(tryPost(p.target));
    }

    function _creditLine(Published memory p) private returns (uint256 at) {
        at = newLine(p);
        if (lines[at].rail != Wire.CREDIT) at = lines.length - 1;
    }

    function _withPast(uint256 value) private returns (Published memory p) {
        seed(value);
        consume(2 + random(6));
        withPredecessor(p);
        newLines();
        skip(1);
        (p.credit, p.debit) = (side(false), side(true));
        keepPromises();
    }

    /// @dev What stands where a log of `size` lines has leaf `index`, in the tree over all lines, and its path.
    function _nodeAt(uint256 index, uint256 size) private view returns (bytes32 node, bytes32[] memory path) {
        bytes32[] memory leaves = logLeaves();
        (uint256 low, uint256 high) = (0, leaves.length);
        bytes32[] memory down = new bytes32[](64);
        uint256 depth = 0;
        // Where the tree ends before the shape does, nothing can be shown.
        while (size > 1 && high - low > 1) {
            uint256 k = _half(size);
            uint256 middle = low + _half(high - low);
            if (index < k) {
                down[depth++] = _rootOf(leaves, middle, high);
                (high, size) = (middle, k);
            } else {
                down[depth++] = _rootOf(leaves, low, middle);
                (low, index, size) = (middle, index - k, size - k);
            }
        }
        node = _rootOf(leaves, low, high);
        path = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) {
            path[i] = down[depth - 1 - i];
        }
    }

    function _rootOf(bytes32[] memory leaves, uint256 from, uint256 to) private pure returns (bytes32) {
        bytes32[] memory part = new bytes32[](to - from);
        for (uint256 i = 0; i < part.length; ++i) {
            part[i] = leaves[from + i];
        }
        return Trees.logRoot(part);
    }

    function _half(uint256 size) private pure returns (uint256 k) {
        k = 1;
        while (k * 2 < size) k *= 2;
    }
}
