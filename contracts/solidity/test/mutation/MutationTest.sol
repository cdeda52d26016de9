// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Committed, EpochHeader, UsageAttestation} from "../../src/lib/Types.sol";
import {Auditor} from "../base/Auditor.sol";
import {Trees} from "../base/Trees.sol";

/// @notice A random honest epoch, with or without one before it that is pending or final, in which a test changes one
/// thing. Each fuzz test of the mutation suites is one kind of change, so that forge's `runs` is how often it was tried.
abstract contract MutationTest is Auditor {
    uint256 internal constant FIELDS = 15;

    address[] internal crawlers;
    uint256[] internal ids;
    /// @dev The lines as they were attested, whatever the posted log says.
    UsageAttestation[] internal promised;
    uint256 private _state;

    function setUp() public virtual override {
        super.setUp();
        vm.prank(publisher);
        uint256 idC = license.mint("https://c.example/terms", other, recovery);
        ids = [idA, idB, idC];
        crawlers = [crawler.addr, crawlerB.addr, makeAddress("crawlerC"), makeAddress("crawlerD")];
        for (uint256 i = 2; i < 4; ++i) {
            deposit(crawlers[i], 500_000);
        }
    }

    // ---- chance

    function seed(uint256 value) internal {
        _state = value;
    }

    function random(uint256 below) internal returns (uint256) {
        _state = uint256(keccak256(abi.encode(_state)));
        return _state % below;
    }

    function coin() internal returns (bool) {
        return random(2) == 0;
    }

    // ---- an honest epoch

    /// @dev At least one pair and one direct payment are new in it.
    function honest(uint256 value) internal returns (Published memory p) {
        seed(value);
        consume(1 + random(6));
        if (coin()) withPredecessor(p);
        consume(random(5));
        newLines();
        skip(1);
        (p.credit, p.debit) = (side(false), side(true));
        keepPromises();
    }

    function withPredecessor(Published memory p) internal {
        p.hasPredecessor = true;
        (p.oldCredit, p.oldDebit) = (side(false), side(true));
        p.predecessor = coin() ? postNext() : finaliseNext();
    }

    function newLines() internal {
        use(crawlers[random(4)], ids[random(3)], 1, uint128(1 + random(99)));
        useDirect(crawlers[random(4)], ids[random(3)]);
        useDirect(crawlers[random(4)], ids[random(3)]);
        use(crawlers[random(4)], ids[random(3)], 1, uint128(1 + random(99)));
    }

    function keepPromises() internal {
        delete promised;
        for (uint256 i = 0; i < lines.length; ++i) {
            promised.push(lines[i]);
        }
    }

    function consume(uint256 count) internal {
        for (uint256 i = 0; i < count; ++i) {
            address who = crawlers[random(crawlers.length)];
            uint256 licenseId = ids[random(ids.length)];
            if (random(5) == 0) useDirect(who, licenseId);
            else use(who, licenseId, uint64(1 + random(9)), uint128(1 + random(999)));
        }
    }

    /// @dev How many lines are older than the target.
    function oldSize(Published memory p) internal pure returns (uint256) {
        return p.hasPredecessor ? p.predecessor.body.logSize : 0;
    }

    /// @dev Some line that the target is the first to cover.
    function newLine(Published memory p) internal returns (uint256) {
        uint256 old = oldSize(p);
        return old + random(lines.length - old);
    }

    // ---- the post

    /// @dev The target over the log and the trees as they are now.
    function prepare(Published memory p) internal view {
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        (bytes32 prev,,,) = ledger.headerAt(lastPosted);
        p.target.header = EpochHeader(lastPosted + 1, generation, prev, ledger.configDigest(), 0);
        p.target.body.logSize = uint64(lines.length);
        p.target.body.logRoot = Trees.logRoot(logLeaves());
        p.target.body.rulesHash = keccak256("");
        p.target.body.dataCommitment = keccak256("data");
        p.target.body.closedAt = uint64(block.timestamp);
        put(p.target, p.credit);
        put(p.target, p.debit);
        p.target.body.totalDebit = p.target.body.totalCredit;
    }

    /// @dev False if the ledger does not take the header at all.
    function tryPost(Committed memory c) internal returns (bool posted) {
        seal(c);
        bytes memory signatures = quorum(c.header, 3);
        try ledger.post(c.header, c.body, 3, signatures) {
            posted = true;
        } catch {}
    }

    /// @dev Exactly this header was voided, and it cost the bond.
    function assertDefeated(Published memory p, bool won) internal view {
        assertTrue(won);
        (uint64 lastPosted,, uint64 generation) = ledger.head();
        assertEq(lastPosted, p.target.header.epoch - 1);
        assertEq(generation, p.target.header.generation + 1);
        assertEq(ledger.bond(), 0);
    }

    function attack(bytes memory data) internal returns (bool won) {
        (won,) = address(ledger).call(data);
    }

    // ---- one change

    /// @dev The line with one of its fields another.
    function changed(UsageAttestation memory a, uint256 field) internal returns (UsageAttestation memory) {
        uint16[15] memory bits = [64, 64, 64, 8, 160, 256, 256, 256, 64, 128, 64, 64, 128, 256, 64];
        bytes memory words = abi.encode(a);
        uint256 most = type(uint256).max >> (256 - bits[field]);
        uint256 value;
        assembly ("memory-safe") {
            value := mload(add(add(words, 32), mul(field, 32)))
        }
        value = another(value, most);
        assembly ("memory-safe") {
            mstore(add(add(words, 32), mul(field, 32)), value)
        }
        return abi.decode(words, (UsageAttestation));
    }

    /// @dev Another value up to `most`: mostly a neighbour or a small one, for those come nearest to being right.
    function another(uint256 value, uint256 most) internal returns (uint256 made) {
        uint256 way = random(4);
        if (way == 0 && value < most) return value + 1;
        if (way == 1 && value > 0) return value - 1;
        if (way == 2) made = random(9);
        else made = uint256(keccak256(abi.encode(random(type(uint256).max)))) & most;
        return made == value ? value ^ 1 : made;
    }
}
