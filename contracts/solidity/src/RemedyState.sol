// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IUsdc} from "./interfaces/IUsdc.sol";
import {UsdcOut} from "./lib/UsdcOut.sol";
import {LedgerState} from "./LedgerState.sol";

/// @title What the ledger keeps of demands, lost bonds and money that USDC refused to send
/// @notice The rest of the ledger's storage; see `LedgerState`.
abstract contract RemedyState is LedgerState {
    using UsdcOut for IUsdc;

    /// @dev One slot. `kind` as in `DemandOpened`.
    struct Demand {
        address asker;
        uint40 answerBy;
        uint8 kind;
        bool open;
    }

    /// @dev What the challenger did not get of the bond that a header cost; one slot. `openedAt` 0: there is none.
    /// `paid` is at most the header's growth, and that at most what the escrow can count.
    struct Pot {
        uint128 amount;
        uint88 paid;
        uint40 openedAt;
    }

    /// @notice Demands that were ever opened, by the header they are about and their id.
    mapping(bytes32 headerHash => mapping(bytes32 demandId => Demand)) public demands;
    /// @notice How many demands of a header are open.
    mapping(bytes32 headerHash => uint256) public openDemandsOf;
    /// @notice What a voided header's parties may claim from, until `closePot`.
    mapping(bytes32 headerHash => Pot) public pots;
    /// @notice Whether a pair was paid from a pot; the key is keccak256(headerHash, crawler, licenseId), a word each.
    mapping(bytes32 key => bool) public harmPaid;
    /// @notice What USDC refused to send, until `sendOwed`.
    mapping(address account => uint256) public owed;

    event PotOpened(bytes32 indexed headerHash, uint256 amount);
    /// @dev USDC refused the transfer; the money waits in `owed`.
    event PaymentKept(address indexed account, uint256 amount);

    error DemandOpen(uint64 epoch);

    /// @dev Reverts if one of these pending headers has an open demand.
    function _checkNoDemand(uint64 from, uint64 to) internal view {
        for (uint64 epoch = from; epoch <= to; ++epoch) {
            if (openDemandsOf[_ring[epoch % RING_SIZE].headerHash] != 0) revert DemandOpen(epoch);
        }
    }

    /// @dev Sends, or keeps it for the account if USDC refuses, so that nobody's blacklisting and no pause of USDC stops a
    /// verdict, an answer or somebody else's payment.
    function _pay(address account, uint256 amount) internal {
        if (amount == 0 || usdc.trySend(account, amount)) return;
        owed[account] += amount;
        emit PaymentKept(account, amount);
    }
}
