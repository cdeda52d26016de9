// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Test} from "../base/Test.sol";
import {CreditHandler} from "./CreditHandler.sol";
import {FuzzSelector} from "./FuzzSelector.sol";

/// @notice Credits, headers, claims, demands, the bond and lost bonds under any sequence of calls: each account holds exactly
/// what a model says, the pool is solvent, epochs, claims and totals go forward only, every lie is defeated, and at the
/// end all money is with its owner.
contract CreditInvariants is Test {
    CreditHandler internal handler;

    function setUp() public {
        handler = new CreditHandler();
        handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](30);
        selectors[0] = handler.depositCredit.selector;
        selectors[1] = handler.consume.selector;
        selectors[2] = handler.requestThaw.selector;
        selectors[3] = handler.cancelThaw.selector;
        selectors[4] = handler.withdrawCredit.selector;
        selectors[5] = handler.registerSigner.selector;
        selectors[6] = handler.revokeSigner.selector;
        selectors[7] = handler.postHeader.selector;
        selectors[8] = handler.finaliseHeader.selector;
        selectors[9] = handler.addToBond.selector;
        selectors[10] = handler.noticeBond.selector;
        selectors[11] = handler.withdrawBond.selector;
        selectors[12] = handler.claim.selector;
        selectors[13] = handler.claimBatch.selector;
        selectors[14] = handler.setPayout.selector;
        selectors[15] = handler.lie.selector;
        selectors[16] = handler.challenge.selector;
        selectors[17] = handler.equivocate.selector;
        selectors[18] = handler.promiseTwice.selector;
        selectors[19] = handler.pauseEscrow.selector;
        selectors[20] = handler.donate.selector;
        selectors[21] = handler.steal.selector;
        selectors[22] = handler.wait.selector;
        selectors[23] = handler.refuse.selector;
        selectors[24] = handler.demand.selector;
        selectors[25] = handler.answerDemand.selector;
        selectors[26] = handler.expireDemand.selector;
        selectors[27] = handler.claimHarm.selector;
        selectors[28] = handler.closePot.selector;
        selectors[29] = handler.sendOwed.selector;
        targets = new FuzzSelector[](2);
        targets[0] = FuzzSelector(address(handler), selectors);
        bytes4[] memory moods = new bytes4[](1);
        moods[0] = handler.pauseUsdc.selector;
        targets[1] = FuzzSelector(address(handler), moods);
    }

    function invariant_creditBooks_shouldBalance() external {
        handler.check();
    }

    function afterInvariant() external {
        handler.drain();
    }
}
