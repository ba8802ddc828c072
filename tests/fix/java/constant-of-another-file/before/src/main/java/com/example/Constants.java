package com.example;

public interface Constants {
    String ORG_ID = "2389290";
    String ZOHO_ADMIN_AUTHORIZATION = "facade0b5e55ed1ce0dd5ea5eedca5c7";
    int PAGE_SIZE = 50;
}
