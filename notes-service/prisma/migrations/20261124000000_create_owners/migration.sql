CREATE TABLE "owners" (
    "id" UUID NOT NULL,
    "rev" BIGINT NOT NULL,
    "erased_at" TIMESTAMPTZ(3),
    "erased_notes" INTEGER,

    CONSTRAINT "owners_pkey" PRIMARY KEY ("id")
);
