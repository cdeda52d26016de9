// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {CrawlerProof} from "../lib/Types.sol";

/// @title What the escrow asks of the metering ledger
interface IDebitLedger {
    /// @notice What a crawler was billed in total as of the last finalised header.
    /// @param proofs the crawler's own leaf, or the neighbours that prove it has none.
    /// @return debit cumulative amount, 0 if absent.
    /// @return closedAt the finalised header's `closedAt`, 0 if none was finalised.
    function finalisedDebit(address crawler, CrawlerProof[] calldata proofs)
        external
        view
        returns (uint128 debit, uint64 closedAt);
}
