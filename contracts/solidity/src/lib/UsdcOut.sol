// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

import {IUsdc} from "../interfaces/IUsdc.sol";

/// @title USDC to somebody whom USDC may refuse
/// @notice A blacklisted payee, or a paused token, must not stop what else happens in the call.
library UsdcOut {
    using SafeERC20 for IUsdc;

    error TooLittleGas();

    /// @notice Sends out of an account that gave its allowance; false if USDC refused.
    function trySendFrom(IUsdc usdc, address from, address to, uint256 amount) internal returns (bool sent) {
        uint256 gasBefore = gasleft();
        sent = usdc.trySafeTransferFrom(from, to, amount);
        if (!sent) checkGas(gasBefore);
    }

    /// @notice Sends out of the calling contract's own balance; false if USDC refused.
    function trySend(IUsdc usdc, address to, uint256 amount) internal returns (bool sent) {
        uint256 gasBefore = gasleft();
        sent = usdc.trySafeTransfer(to, amount);
        if (!sent) checkGas(gasBefore);
    }

    /// @notice After a call that failed: reverts if it may have failed for a lack of gas.
    /// @dev A refusal is USDC's, never a lack of gas that the caller chose, or that an estimate found to be enough.
    function checkGas(uint256 gasBefore) internal view {
        if (gasleft() < gasBefore / 8) revert TooLittleGas();
    }
}
