// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Committed, EpochBody, EpochHeader, UsageAttestation} from "../../src/lib/Types.sol";
import {MutationTest} from "./MutationTest.sol";

/// @notice One change to an honest epoch's header, body, signatures or attestations: the ledger does not take it, or
/// whoever holds both versions wins a challenge.
/// forge-config: default.fuzz.runs = 10
/// forge-config: full.fuzz.runs = 250
contract HeaderMutationTest is MutationTest {
    // ---- refused at posting

    function testFuzz_headerField(uint256 value) public {
        Published memory p = _sealed(value);
        uint256[5] memory words = abi.decode(abi.encode(p.target.header), (uint256[5]));
        uint256 field = random(5);
        words[field] = another(words[field], field < 2 ? type(uint64).max : type(uint256).max);
        p.target.header = abi.decode(abi.encode(words), (EpochHeader));
        _refused(p, quorum(p.target.header, 3), 3);
    }

    /// @dev A body that the header does not name.
    function testFuzz_bodyField(uint256 value) public {
        Published memory p = _sealed(value);
        p.target.body = _otherBody(p.target.body);
        _refused(p, quorum(p.target.header, 3), 3);
    }

    function testFuzz_signatures(uint256 value) public {
        Published memory p = _sealed(value);
        bytes memory signatures = quorum(p.target.header, 3);
        uint32 bitmap = 3;
        uint256 way = random(4);
        if (way == 0) {
            signatures[random(signatures.length)] ^= bytes1(uint8(1 + random(255)));
        } else if (way == 1) {
            bitmap = uint32(another(3, type(uint32).max));
        } else if (way == 2) {
            bitmap = uint32(1 << random(3));
            signatures = quorum(p.target.header, bitmap);
        } else {
            signatures = bytes.concat(signatures, hex"00");
        }
        _refused(p, signatures, bitmap);
    }

    /// @dev What the ledger itself can see is wrong in a body, all properly signed.
    function testFuzz_bodyOutOfRange(uint256 value) public {
        Published memory p;
        seed(value);
        consume(3 + random(4));
        use(crawlers[random(4)], ids[random(3)], 1, uint128(1 + random(99)));
        withPredecessor(p);
        (p.credit, p.debit) = (side(false), side(true));
        prepare(p);
        EpochBody memory body = p.target.body;
        EpochBody memory before = p.predecessor.body;
        uint256 way = random(8);
        if (way == 0) body.closedAt = uint64(block.timestamp + 1 + random(999));
        else if (way == 1) body.closedAt = uint64(before.closedAt - 1 - random(999));
        else if (way == 2) body.logSize = uint64(random(before.logSize));
        else if (way == 3) body.totalDebit = uint128(another(body.totalDebit, type(uint128).max));
        else if (way == 4) (body.totalCredit, body.totalDebit) = (before.totalCredit - 1, before.totalCredit - 1);
        else if (way == 5) (body.totalCredit, body.totalDebit) = (2_000_001, 2_000_001);
        else if (way == 6) coin() ? body.licenseCount = 0 : body.crawlerCount = 0;
        else coin() ? body.creditRoot = 0 : body.debitRoot = 0;
        seal(p.target);
        _refused(p, quorum(p.target.header, 3), 3);
    }

    function _refused(Published memory p, bytes memory signatures, uint32 bitmap) private {
        (uint64 before,,) = ledger.head();
        (bool ok,) =
            address(ledger).call(abi.encodeCall(ledger.post, (p.target.header, p.target.body, bitmap, signatures)));
        assertFalse(ok);
        (uint64 lastPosted,,) = ledger.head();
        assertEq(lastPosted, before);
    }

    // ---- C2: two of something

    /// @dev Another header of the same epoch, in any field of the body or with another past.
    function testFuzz_twoHeaders(uint256 value) public {
        Published memory p = _sealed(value);
        Committed memory b = abi.decode(abi.encode(p.target), (Committed));
        if (random(12) == 0) {
            b.header.prevHeaderHash = bytes32(another(uint256(b.header.prevHeaderHash), type(uint256).max));
        } else {
            b.body = _otherBody(b.body);
        }
        seal(b);
        bool first = coin();
        assertTrue(tryPost(p.target));
        (EpochHeader memory x, EpochHeader memory y) = first ? (p.target.header, b.header) : (b.header, p.target.header);
        (uint32 bitmapX, uint32 bitmapY) = (first ? 5 : 6, 7);
        bytes memory data = abi.encodeCall(
            logJudge.challengeHeaders, (x, bitmapX, quorum(x, bitmapX), y, bitmapY, quorum(y, bitmapY), 1)
        );
        assertDefeated(p, attack(data));
    }

    /// @dev Another attestation of a line that the header covers, in any field but those that place it.
    function testFuzz_twoAttestations(uint256 value) public {
        Published memory p = _sealed(value);
        assertTrue(tryPost(p.target));
        UsageAttestation memory a = promised[newLine(p)];
        UsageAttestation memory b = changed(a, 3 + random(FIELDS - 3));
        bool won = attack(abi.encodeCall(logJudge.challengeAttestations, (a, attest(a), b, attest(b))));
        assertDefeated(p, won);
        assertTrue(ledger.keyDropped(attestor.addr));
    }

    // ---- C10: more than was deposited, as of closedAt

    function testFuzz_overdraw(uint256 value) public {
        Published memory p;
        seed(value);
        consume(random(4));
        address who = makeAddress("newcomer");
        uint128 deposited = uint128(random(1_000));
        if (deposited != 0) deposit(who, deposited);
        uint64 closedAt = uint64(block.timestamp);
        skip(1 + random(5));
        uint128 missing = uint128(1 + random(1_000));
        use(who, ids[random(3)], 1, deposited + missing);
        // What comes after closedAt does not count.
        if (coin()) deposit(who, missing);
        (p.credit, p.debit) = (side(false), side(true));
        keepPromises();
        prepare(p);
        p.target.body.closedAt = closedAt;
        assertTrue(tryPost(p.target));
        (, uint256 at,) = find(p.debit, who, lines[lines.length - 1].licenseId);
        assertDefeated(p, attack(abi.encodeCall(treeJudge.challengeOverdraw, (p.target, parentProof(p.debit, at)))));
    }

    // ---- helpers

    function _sealed(uint256 value) private returns (Published memory p) {
        p = honest(value);
        prepare(p);
        seal(p.target);
    }

    function _otherBody(EpochBody memory body) private returns (EpochBody memory) {
        uint256[11] memory words = abi.decode(abi.encode(body), (uint256[11]));
        uint16[11] memory bits = [64, 256, 64, 256, 64, 256, 128, 128, 256, 256, 64];
        uint256 field = random(11);
        words[field] = another(words[field], type(uint256).max >> (256 - bits[field]));
        return abi.decode(abi.encode(words), (EpochBody));
    }
}
