using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VendorPortal.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class Usage : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "UsageUtc",
                table: "Vendors",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Kind",
                table: "ApiTokens",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "ProductUsers",
                columns: table => new
                {
                    VendorId = table.Column<int>(type: "INTEGER", nullable: false),
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    CustomerId = table.Column<int>(type: "INTEGER", nullable: false),
                    Username = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    UserKey = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false),
                    Email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: true),
                    EmailKey = table.Column<string>(type: "TEXT", maxLength: 254, nullable: true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Type = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Role = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    Teams = table.Column<string>(type: "TEXT", maxLength: 1000, nullable: true),
                    JoinedUtc = table.Column<DateTime>(type: "TEXT", nullable: true),
                    LastLogInUtc = table.Column<DateTime>(type: "TEXT", nullable: true),
                    IsListed = table.Column<bool>(type: "INTEGER", nullable: false),
                    CreatedUtc = table.Column<DateTime>(type: "TEXT", nullable: false),
                    LastSeenUtc = table.Column<DateTime>(type: "TEXT", nullable: true),
                    LastVersionId = table.Column<int>(type: "INTEGER", nullable: true),
                    LastVersionUtc = table.Column<DateTime>(type: "TEXT", nullable: true),
                    IsOptedOut = table.Column<bool>(type: "INTEGER", nullable: false),
                    CountsFromUtc = table.Column<DateTime>(type: "TEXT", nullable: true),
                    EventsPending = table.Column<bool>(type: "INTEGER", nullable: false),
                    IsErased = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ProductUsers", x => new { x.VendorId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "UsageConsents",
                columns: table => new
                {
                    VendorId = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<int>(type: "INTEGER", nullable: false),
                    AtUtc = table.Column<DateTime>(type: "TEXT", nullable: false),
                    IsOut = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsageConsents", x => new { x.VendorId, x.UserId, x.AtUtc, x.IsOut });
                });

            migrationBuilder.CreateTable(
                name: "UsageDays",
                columns: table => new
                {
                    VendorId = table.Column<int>(type: "INTEGER", nullable: false),
                    CustomerId = table.Column<int>(type: "INTEGER", nullable: false),
                    Measure = table.Column<int>(type: "INTEGER", nullable: false),
                    NameId = table.Column<int>(type: "INTEGER", nullable: false),
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    Users = table.Column<int>(type: "INTEGER", nullable: false),
                    LastUsers = table.Column<int>(type: "INTEGER", nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false),
                    Sum = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsageDays", x => new { x.VendorId, x.CustomerId, x.Measure, x.Day, x.NameId });
                });

            migrationBuilder.CreateTable(
                name: "UsageEvents",
                columns: table => new
                {
                    VendorId = table.Column<int>(type: "INTEGER", nullable: false),
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<int>(type: "INTEGER", nullable: false),
                    EventId = table.Column<byte[]>(type: "BLOB", nullable: false),
                    Millisecond = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    NameId = table.Column<int>(type: "INTEGER", nullable: true),
                    SystemId = table.Column<int>(type: "INTEGER", nullable: true),
                    How = table.Column<int>(type: "INTEGER", nullable: true),
                    DurationMs = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsageEvents", x => new { x.VendorId, x.Day, x.UserId, x.EventId });
                });

            migrationBuilder.CreateTable(
                name: "UsageExtensions",
                columns: table => new
                {
                    VendorId = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<int>(type: "INTEGER", nullable: false),
                    NameId = table.Column<int>(type: "INTEGER", nullable: false),
                    AtUtc = table.Column<DateTime>(type: "TEXT", nullable: false),
                    IsInstalled = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsageExtensions", x => new { x.VendorId, x.UserId, x.NameId });
                });

            migrationBuilder.CreateTable(
                name: "UsageNames",
                columns: table => new
                {
                    VendorId = table.Column<int>(type: "INTEGER", nullable: false),
                    Id = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 255, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsageNames", x => new { x.VendorId, x.Id });
                });

            migrationBuilder.CreateTable(
                name: "UsageUserDays",
                columns: table => new
                {
                    VendorId = table.Column<int>(type: "INTEGER", nullable: false),
                    UserId = table.Column<int>(type: "INTEGER", nullable: false),
                    Measure = table.Column<int>(type: "INTEGER", nullable: false),
                    NameId = table.Column<int>(type: "INTEGER", nullable: false),
                    Day = table.Column<int>(type: "INTEGER", nullable: false),
                    Count = table.Column<long>(type: "INTEGER", nullable: false),
                    Sum = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_UsageUserDays", x => new { x.VendorId, x.UserId, x.Measure, x.NameId, x.Day });
                });

            migrationBuilder.CreateIndex(
                name: "IX_ProductUsers_Counted",
                table: "ProductUsers",
                columns: new[] { "VendorId", "CustomerId", "IsOptedOut", "IsErased" });

            migrationBuilder.CreateIndex(
                name: "IX_ProductUsers_VendorId_EmailKey",
                table: "ProductUsers",
                columns: new[] { "VendorId", "EmailKey" });

            migrationBuilder.CreateIndex(
                name: "IX_ProductUsers_VendorId_UserKey_CustomerId",
                table: "ProductUsers",
                columns: new[] { "VendorId", "UserKey", "CustomerId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "UX_UsageEvents_Event",
                table: "UsageEvents",
                columns: new[] { "VendorId", "EventId" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_UsageNames_VendorId_Kind_Name",
                table: "UsageNames",
                columns: new[] { "VendorId", "Kind", "Name" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "ProductUsers");

            migrationBuilder.DropTable(
                name: "UsageConsents");

            migrationBuilder.DropTable(
                name: "UsageDays");

            migrationBuilder.DropTable(
                name: "UsageEvents");

            migrationBuilder.DropTable(
                name: "UsageExtensions");

            migrationBuilder.DropTable(
                name: "UsageNames");

            migrationBuilder.DropTable(
                name: "UsageUserDays");

            migrationBuilder.DropColumn(
                name: "UsageUtc",
                table: "Vendors");

            migrationBuilder.DropColumn(
                name: "Kind",
                table: "ApiTokens");
        }
    }
}
