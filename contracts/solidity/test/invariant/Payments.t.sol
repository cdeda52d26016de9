// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Test} from "../base/Test.sol";
import {FuzzSelector} from "./FuzzSelector.sol";
import {PaymentsHandler} from "./PaymentsHandler.sol";

/// @notice Licences, direct payments and disputes under any sequence of calls: each account holds exactly what a model
/// says, vaults are backed to the unit, licences move by recovery only, and at the end all money is with its owner.
contract PaymentsInvariants is Test {
    PaymentsHandler internal handler;

    function setUp() public {
        handler = new PaymentsHandler();
        handler.setUp();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory selectors = new bytes4[](23);
        selectors[0] = handler.pay.selector;
        selectors[1] = handler.settle.selector;
        selectors[2] = handler.settleBatch.selector;
        selectors[3] = handler.donate.selector;
        selectors[4] = handler.withdraw.selector;
        selectors[5] = handler.withdrawBatch.selector;
        selectors[6] = handler.sweep.selector;
        selectors[7] = handler.collectFees.selector;
        selectors[8] = handler.sendOwed.selector;
        selectors[9] = handler.open.selector;
        selectors[10] = handler.answer.selector;
        selectors[11] = handler.escalate.selector;
        selectors[12] = handler.rule.selector;
        selectors[13] = handler.accept.selector;
        selectors[14] = handler.resolve.selector;
        selectors[15] = handler.setPayout.selector;
        selectors[16] = handler.toggleLicense.selector;
        selectors[17] = handler.toggleSuspension.selector;
        selectors[18] = handler.recover.selector;
        selectors[19] = handler.scheduleFee.selector;
        selectors[20] = handler.changeRoles.selector;
        selectors[21] = handler.steal.selector;
        selectors[22] = handler.wait.selector;
        targets = new FuzzSelector[](2);
        targets[0] = FuzzSelector(address(handler), selectors);
        bytes4[] memory moods = new bytes4[](2);
        moods[0] = handler.refuse.selector;
        moods[1] = handler.pauseUsdc.selector;
        targets[1] = FuzzSelector(address(handler), moods);
    }

    function invariant_paymentsBooks_shouldBalance() external {
        handler.check();
    }

    function afterInvariant() external {
        handler.drain();
    }
}
