using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VendorPortal.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class DeniedStatus : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "HistoryUtc",
                table: "Vendors",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Status",
                table: "Pulls",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "JournalPurges",
                columns: table => new
                {
                    VendorId = table.Column<int>(type: "INTEGER", nullable: false),
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    FeedId = table.Column<int>(type: "INTEGER", nullable: false),
                    Requests = table.Column<long>(type: "INTEGER", nullable: false),
                    AfterDays = table.Column<int>(type: "INTEGER", nullable: false),
                    RemovedUtc = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JournalPurges", x => new { x.VendorId, x.Day, x.FeedId });
                });

            migrationBuilder.CreateTable(
                name: "Reclassifications",
                columns: table => new
                {
                    VendorId = table.Column<int>(type: "INTEGER", nullable: false),
                    FromId = table.Column<long>(type: "INTEGER", nullable: false),
                    EndId = table.Column<long>(type: "INTEGER", nullable: false),
                    NextId = table.Column<long>(type: "INTEGER", nullable: false),
                    Requests = table.Column<long>(type: "INTEGER", nullable: false),
                    Rewritten = table.Column<long>(type: "INTEGER", nullable: false),
                    RollUpDay = table.Column<int>(type: "INTEGER", nullable: true),
                    StartedUtc = table.Column<DateTime>(type: "TEXT", nullable: false),
                    FinishedUtc = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Reclassifications", x => x.VendorId);
                    table.ForeignKey(
                        name: "FK_Reclassifications_Vendors_VendorId",
                        column: x => x.VendorId,
                        principalTable: "Vendors",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "JournalPurges");

            migrationBuilder.DropTable(
                name: "Reclassifications");

            migrationBuilder.DropColumn(
                name: "HistoryUtc",
                table: "Vendors");

            migrationBuilder.DropColumn(
                name: "Status",
                table: "Pulls");
        }
    }
}
