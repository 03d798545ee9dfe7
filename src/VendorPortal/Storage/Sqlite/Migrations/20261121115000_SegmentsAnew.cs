using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace VendorPortal.Storage.Sqlite.Migrations
{
    /// <summary>Segments of the first format are dropped; they are a cache, and are built anew in the second.</summary>
    public partial class SegmentsAnew : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DELETE FROM \"PullSegmentColumns\"");
            migrationBuilder.Sql("DELETE FROM \"PullSegments\"");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) => Up(migrationBuilder);
    }
}
