// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IUsdc} from "./interfaces/IUsdc.sol";

/// @title What a vault asks of its creator
interface IVaultOwner {
    /// @notice The USDC contract of this chain.
    function usdc() external view returns (IUsdc);
}

/// @title A licence's vault
/// @notice Holds the direct payments of one licence. All it does is to let the payment processor that creates it move
/// its USDC; it has no arguments, so its address is known before it exists.
/// @dev Its runtime code is the one byte INVALID: no function, no ether, and a cheap mark that it is deployed.
contract Vault {
    constructor() {
        IVaultOwner(msg.sender).usdc().approve(msg.sender, type(uint256).max);
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore8(0, 0xfe)
            return(0, 1)
        }
    }
}
