using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VendorPortal.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class PendingIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_RegistryRequests_Pending",
                table: "RegistryRequests");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryRequests_Pending",
                table: "RegistryRequests",
                columns: new[] { "VendorId", "PullId", "Id", "FeedId" },
                filter: "\"PullId\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_RegistryRequests_Pending",
                table: "RegistryRequests");

            migrationBuilder.CreateIndex(
                name: "IX_RegistryRequests_Pending",
                table: "RegistryRequests",
                columns: new[] { "VendorId", "Id" },
                filter: "\"PullId\" IS NULL");
        }
    }
}
