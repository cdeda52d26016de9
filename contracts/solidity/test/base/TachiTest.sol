// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CrawlLicense} from "../../src/CrawlLicense.sol";
import {CreditEscrow} from "../../src/CreditEscrow.sol";
import {DemandChallenges} from "../../src/DemandChallenges.sol";
import {DisputeResolver} from "../../src/DisputeResolver.sol";
import {LedgerChallenges} from "../../src/LedgerChallenges.sol";
import {LostBonds} from "../../src/LostBonds.sol";
import {MeteringLedger} from "../../src/MeteringLedger.sol";
import {PaymentProcessor} from "../../src/PaymentProcessor.sol";
import {SettlementChallenges} from "../../src/SettlementChallenges.sol";
import {IDebitLedger} from "../../src/interfaces/IDebitLedger.sol";
import {UsdcTest} from "./UsdcTest.sol";

/// @notice The whole system on one chain, wired as a deployment wires it.
abstract contract TachiTest is UsdcTest {
    uint64 internal constant BUCKET = 5;
    uint64 internal constant HOLD = 10;
    uint64 internal constant FEE_DELAY = 60;
    uint16 internal constant FEE_BPS = 100;
    uint64 internal constant PAYOUT_DELAY = 20;
    uint64 internal constant REPLACEMENT_DELAY = 48;
    uint64 internal constant RECOVERY_DELAY = 70;
    uint64 internal constant ANSWER = 30;
    uint64 internal constant ESCALATE = 31;
    uint64 internal constant RULE = 32;
    uint64 internal constant THAW = 30;
    uint64 internal constant FALLBACK = 140;
    uint64 internal constant REVOKE_DELAY = 50;
    uint64 internal constant WINDOW = 15;
    uint64 internal constant MAX_WINDOW = 20;
    uint64 internal constant BOND_NOTICE = 14;
    uint64 internal constant CONFIG_DELAY = 40;
    uint64 internal constant DEMAND = 4;
    uint64 internal constant POT = 60;
    uint256 internal constant DEMAND_FEE = 250;

    address internal admin;
    address internal registrar;
    address internal arbiter;
    address internal feeRecipient;
    address internal publisher;
    address internal payout;
    address internal recovery;
    address internal other;
    Account internal crawler;
    Account internal attestor;
    Account[] internal roots;

    CrawlLicense internal license;
    PaymentProcessor internal processor;
    DisputeResolver internal resolver;
    CreditEscrow internal escrow;
    MeteringLedger internal ledger;
    /// @dev The ledger, as whose functions these are.
    LedgerChallenges internal logJudge;
    SettlementChallenges internal treeJudge;
    DemandChallenges internal demands;
    LostBonds internal bonds;

    function setUp() public virtual override {
        super.setUp();
        admin = makeAddress("admin");
        registrar = makeAddress("registrar");
        arbiter = makeAddress("arbiter");
        feeRecipient = makeAddress("feeRecipient");
        publisher = makeAddress("publisher");
        payout = makeAddress("payout");
        recovery = makeAddress("recovery");
        other = makeAddress("other");
        crawler = makeAccount("crawler");
        attestor = makeAccount("attestor");
        _makeRoots();

        license = new CrawlLicense(admin, registrar, PAYOUT_DELAY, REPLACEMENT_DELAY, RECOVERY_DELAY);
        processor = new PaymentProcessor(admin, usdc, license, feeRecipient, FEE_BPS, FEE_DELAY, BUCKET, HOLD);
        resolver = new DisputeResolver(admin, processor, license, arbiter, ANSWER, ESCALATE, RULE);
        escrow = new CreditEscrow(admin, usdc, THAW, FALLBACK, REVOKE_DELAY);
        ledger = new MeteringLedger(
            admin,
            usdc,
            escrow,
            license,
            MeteringLedger.Times(WINDOW, MAX_WINDOW, BOND_NOTICE, CONFIG_DELAY),
            2,
            rootAddresses(),
            attestor.addr,
            MeteringLedger.Judges(
                new LedgerChallenges(usdc),
                new SettlementChallenges(usdc, escrow),
                new DemandChallenges(usdc, escrow, license, DEMAND_FEE, DEMAND),
                new LostBonds(usdc, escrow, license, POT)
            )
        );
        logJudge = LedgerChallenges(address(ledger));
        treeJudge = SettlementChallenges(address(ledger));
        demands = DemandChallenges(address(ledger));
        bonds = LostBonds(address(ledger));
        vm.startPrank(admin);
        license.setResolver(address(resolver));
        license.setProcessor(processor);
        processor.setResolver(address(resolver));
        escrow.setLedger(IDebitLedger(address(ledger)));
        vm.stopPrank();
    }

    function rootAddresses() internal view returns (address[] memory list) {
        list = new address[](roots.length);
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = roots[i].addr;
        }
    }

    function mintLicense() internal returns (uint256 id) {
        vm.prank(publisher);
        return license.mint("https://example.org/terms", payout, recovery);
    }

    /// @dev Three root signers, ascending by address.
    function _makeRoots() private {
        Account[3] memory made = [makeAccount("root0"), makeAccount("root1"), makeAccount("root2")];
        for (uint256 i = 0; i < 3; ++i) {
            for (uint256 j = i + 1; j < 3; ++j) {
                if (made[j].addr < made[i].addr) (made[i], made[j]) = (made[j], made[i]);
            }
            roots.push(made[i]);
        }
    }
}
