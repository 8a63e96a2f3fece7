'use client'
export const OverviewPage = () => null
